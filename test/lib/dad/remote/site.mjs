/** A worker that is a site. */
import { serveSite } from "cotangent/dad/workers";
import { define } from "./definition.mjs";

serveSite(define);
