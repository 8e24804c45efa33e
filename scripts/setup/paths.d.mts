/** Types of paths.mjs, for the tests. */
export const ROOT: string;
export const STATE: string;
export const VENV: string;
export const SHARE: string;
export function venvProgram(name: string, venv?: string): string;
export function jupyterEnvironment(home?: string, env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
