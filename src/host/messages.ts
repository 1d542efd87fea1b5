// Every text the host shows to the user, each with a stable id: what happened, where, what to do next.
import { l10n } from 'vscode';

/** Labels of buttons and picks. */
export const labels = {
  useSample: () => l10n.t('Use the Sample Tree'),
  chooseTree: () => l10n.t('Choose a Kernel Tree…'),
  last: () => l10n.t('last used'),
  presets: () => l10n.t('Presets'),
  scenarioFiles: () => l10n.t('Scenario files in this workspace'),
  importObservation: () => l10n.t('Import an observation…'),
  importObservationDetail: () => l10n.t('A JSON file recorded on a real kernel; only its world and injection are read'),
  pickScenario: () => l10n.t('Which failure?'),
  injectFromLog: () => l10n.t('Inject from log'),
  pasteLog: () => l10n.t('A kernel log line with a failed address, or badblocks: "mce: … ADDR …", "Memory failure: 0x…:", "72 8"'),
  pickLog: () => l10n.t('Where is the log?'),
  fromClipboard: () => l10n.t('Clipboard'),
  typeLog: () => l10n.t('Type or paste a line…'),
  lineCount: (count: number) => (count === 1 ? l10n.t('1 line') : l10n.t('{0} lines', count)),
  pickFormat: () => l10n.t('Export the trace as'),
  tracePanel: () => l10n.t('Memory failure'),
  comparePanel: () => l10n.t('Comparison'),
  pickCompared: () => l10n.t('What stands side by side?'),
  pickBase: () => l10n.t('Compare the text in the editor with what?'),
  thisTree: (name: string) => l10n.t('This tree ({0})', name),
  thisTreeDetail: () => l10n.t('As the editor has it, unsaved edits included'),
  asInEditor: () => l10n.t('the text in the editor'),
  inEditor: () => l10n.t('edited'),
  onDisk: () => l10n.t('on disk'),
  onDiskDetail: (files: string) => l10n.t('The files as they are saved: without {0}', files),
  head: () => l10n.t('HEAD'),
  headDetail: (files: string) => l10n.t('The last commit: without the changes of {0}', files),
  sampleTree: () => l10n.t('The sample tree, as mainline does it'),
  sampleTreeDetail: () => l10n.t('What the designs below change; memory is comparable only between these'),
  designs: () => l10n.t('Designs, written on the sample tree'),
  fileCount: (count: number) => (count === 1 ? l10n.t('1 file') : l10n.t('{0} files', count)),
  copied: () => l10n.t('Copied.'),
  graphPanel: () => l10n.t('Call graph'),
};

/** Notifications and panel messages, by id. */
export const messages = {
  'tree.none': (folder: string) =>
    l10n.t('{0} is no kernel tree: it has no mm/memory-failure.c. Open the root of a tree, or use the sample.', folder),
  'tree.noFolder': () => l10n.t('No folder is open. Open the root of a kernel tree, or use the sample.'),
  'tree.notLocal': (scheme: string) =>
    l10n.t('daxtrace reads files from disk and cannot see a folder of kind "{0}". The sample works everywhere.', scheme),
  'tree.settingMissing': (path: string) =>
    l10n.t('The setting daxtrace.tree names {0}, which has no mm/memory-failure.c. Correct or clear the setting.', path),
  'trace.title': () => l10n.t('Tracing memory_failure'),
  'trace.failed': (message: string) => l10n.t('The trace could not run: {0}', message),
  'trace.notReached': (name: string) => l10n.t('{0} is not on the path of this scenario. Pick another scenario to reach it.', name),
  'scenario.unreadable': (path: string, why: string) => l10n.t('Cannot read the scenario {0}: {1}', path, why),
  'scenario.gone': (name: string) => l10n.t('The scenario {0} does not exist any more. Pick another one.', name),
  'log.refused': (why: string) => l10n.t('The log gives no injection. {0}', why),
  'log.filled': (notes: string) => l10n.t('The scenario fails what the log names. {0}', notes),
  'compare.title': () => l10n.t('Comparing'),
  'compare.failed': (message: string) => l10n.t('The comparison could not run: {0}', message),
  'compare.nothingEdited': () =>
    l10n.t('Nothing is edited: no file of this tree is unsaved, and none differs from the last commit as far as Git tells.'),
  'compare.none': () => l10n.t('A comparison needs two sides. Pick at least two.'),
  'graph.failed': (message: string) => l10n.t('The call graph could not be built: {0}', message),
  'place.gone': (path: string) => l10n.t('{0} is not in this tree any more.', path),
};
