// One entry for all forms in which a trace leaves the program.

import type { TraceResult } from '../result.ts';
import { exportChrome } from './chrome.ts';
import { exportCpuProfile } from './cpuprofile.ts';
import { exportFtrace } from './ftrace.ts';
import { exportMarkdown } from './markdown.ts';
import { exportText } from './text.ts';

export type TraceFormat = 'text' | 'json' | 'ftrace' | 'chrome' | 'cpuprofile' | 'markdown';

/** The result in one form; always ends with a newline. */
export function exportTrace(result: TraceResult, format: TraceFormat): string {
  switch (format) {
    case 'text':
      return exportText(result);
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'ftrace':
      return exportFtrace(result);
    case 'chrome':
      return exportChrome(result);
    case 'cpuprofile':
      return exportCpuProfile(result);
    case 'markdown':
      return exportMarkdown(result);
  }
}
