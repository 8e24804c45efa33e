/** What happens once, when there is the first tensor: the table is there, methods are on tensors, and scalar code meets them. */
import { active } from "../ad/active.js";
import { installMethods } from "./methods.js";
import { onTensors } from "./process.js";
import { register } from "./registry.js";
import { tensorRules } from "./table.js";

let isInstalled = false;

export function installTensors(): void {
  if (isInstalled) return;
  isInstalled = true;
  register(tensorRules);
  installMethods();
  active.tensors = onTensors;
}
