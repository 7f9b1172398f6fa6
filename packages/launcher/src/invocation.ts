import type { Settings } from './settings.ts';
import type { ToolContext } from './tools/run-tool.ts';

/** What every command is given. */
export type Invocation = {
  settings: Settings;
  /** The arguments after the command's name. */
  args: string[];
  /** For running the workspace's tools. */
  tools: ToolContext;
  /** Takes whatever has to be stopped in the end, or when a signal comes. */
  resources: AsyncDisposableStack;
};
