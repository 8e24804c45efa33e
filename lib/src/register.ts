/** `node --import cotangent/register program.js`: functions that say "use ad" are instrumented as they are loaded. */
import { register } from "node:module";

register("./register-hooks.js", import.meta.url);
