/** What is under way in a page: animation frames, timers, observers, and listeners on what outlives a view. */
import type { Page } from "playwright-core";

declare global {
  interface Window {
    /** What is under way in the page, by kind; see `countActivity`. */
    activity: { frames: Set<number>; timers: number; observers: Set<object>; listeners: Set<string> };
  }
}

/** Count animation frames, timers, observers, and listeners on what outlives a view. */
export const countActivity = (page: Page) =>
  page.addInitScript(() => {
    const activity: Window["activity"] = {
      frames: new Set(),
      timers: 0,
      observers: new Set(),
      listeners: new Set(),
    };
    window.activity = activity;
    const { requestAnimationFrame: request, cancelAnimationFrame: cancel } = window;
    window.requestAnimationFrame = (callback) => {
      const handle = request.call(window, (now) => {
        activity.frames.delete(handle);
        callback(now);
      });
      activity.frames.add(handle);
      return handle;
    };
    window.cancelAnimationFrame = (handle) => {
      activity.frames.delete(handle);
      cancel.call(window, handle);
    };
    for (const Observer of [ResizeObserver, MutationObserver, IntersectionObserver]) {
      const { observe, disconnect } = Observer.prototype;
      Observer.prototype.observe = function (this: object, ...args: unknown[]) {
        activity.observers.add(this);
        (observe as (...all: unknown[]) => void).apply(this, args);
      };
      Observer.prototype.disconnect = function (this: object) {
        activity.observers.delete(this);
        disconnect.apply(this as never);
      };
    }
    const add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, listener, options) {
      const outlives =
        this === window || this === document || this === document.body || this instanceof MediaQueryList;
      const signal = typeof options === "object" ? options.signal : undefined;
      const name = `${this.constructor.name} ${type} ${activity.listeners.size}`;
      if (outlives && !signal?.aborted) {
        activity.listeners.add(name);
        if (signal) add.call(signal, "abort", () => activity.listeners.delete(name));
        else Object.assign(listener as object, { countedAs: name });
      }
      add.call(this, type, listener, options);
    };
    const remove = EventTarget.prototype.removeEventListener;
    EventTarget.prototype.removeEventListener = function (type, listener, options) {
      const { countedAs } = (listener ?? {}) as { countedAs?: string };
      if (countedAs) activity.listeners.delete(countedAs);
      remove.call(this, type, listener, options);
    };
    const setTimer = window.setTimeout;
    window.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
      activity.timers++;
      return setTimer(...args);
    }) as typeof setTimeout;
    window.setInterval = (() => activity.timers++) as unknown as typeof setInterval;
  });

export const activity = (page: Page) =>
  page.evaluate(() => ({
    frames: window.activity.frames.size,
    timers: window.activity.timers,
    observers: window.activity.observers.size,
    listeners: [...window.activity.listeners],
  }));
