/** `npm run build`: whatever is missing or stale. */
import { makeReady } from "./setup/ready.mjs";
import { main } from "./setup/trouble.mjs";

await main(makeReady);
