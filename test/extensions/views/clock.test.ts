import assert from "node:assert/strict";
import { advance, chooseRate } from "../../../extensions/views/src/common/clock.js";
import { Player } from "../../../extensions/views/src/common/player.js";

const clock = { frames: 11, rate: 10, loop: false };
const playing = (position: number) => ({ position, playing: true });

describe("the frame clock", () => {
  it("advances by rate times seconds", () => {
    assert.deepEqual(advance(playing(2), 0.25, clock), playing(4.5));
  });
  it("stops on the last frame", () => {
    assert.deepEqual(advance(playing(9), 5, clock), { position: 10, playing: false });
  });
  it("rests on the last frame of a loop before it starts again", () => {
    const loop = { ...clock, loop: true };
    assert.ok(advance(playing(10), 0.5, loop).position > 10);
    assert.ok(advance(playing(10), 1, loop).position < 3);
  });
  it("leaves a resting head where it is", () => {
    const head = { position: 3, playing: false };
    assert.equal(advance(head, 100, clock), head);
  });
  it("does not play a single frame", () => {
    assert.deepEqual(advance(playing(0), 1, { ...clock, frames: 1 }), { position: 0, playing: false });
  });
  it("chooses a rate at which a long solve takes at most eight seconds and a short one is not rushed", () => {
    assert.equal(chooseRate(60), 10);
    assert.equal(chooseRate(6), 2);
    assert.equal(chooseRate(100_000), 60);
  });
});

describe("the player", () => {
  const player = () => new Player({ frames: 20, rate: 10 });
  const play = (p: Player, ...times: number[]) => {
    p.play();
    for (const time of times) p.tick(time);
  };

  it("opens on the last frame and plays from the first", () => {
    const p = player();
    assert.equal(p.frame, 19);
    play(p, 0);
    assert.equal(p.frame, 0);
  });
  it("plays on from where the reader left it", () => {
    const p = player();
    p.seek(7);
    play(p, 0, 100);
    assert.equal(p.frame, 8);
  });
  it("plays again from the first frame when it stands on the last", () => {
    const p = player();
    p.seek(19);
    play(p, 0);
    assert.equal(p.frame, 0);
  });
  it("blends between frames while playing, and rests on a stored one", () => {
    const p = player();
    play(p, 0, 150);
    assert.equal(p.position, 1.5);
    p.pause();
    assert.equal(p.position, 1);
  });
  it("moves in whole frames when the reader asked for less motion", () => {
    const p = new Player({ frames: 20, rate: 10, smooth: false });
    play(p, 0, 150);
    assert.equal(p.position, 1);
  });
  it("does not jump when a tab comes back after a minute", () => {
    const p = player();
    play(p, 0, 60_000);
    assert.equal(p.position, 2.5);
  });
  it("keeps steps within the frames and pauses on them", () => {
    const p = player();
    p.play();
    p.step(-10);
    assert.deepEqual([p.frame, p.playing], [0, false]);
    p.step(1000);
    assert.equal(p.frame, 19);
    p.seek(NaN);
    assert.equal(p.frame, 0);
  });
  it("never plays a single frame", () => {
    const p = new Player({ frames: 1, rate: 10 });
    p.toggle();
    assert.equal(p.playing, false);
  });
});
