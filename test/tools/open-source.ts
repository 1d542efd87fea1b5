// Opens the source half of the session on a folder; shared by tools and tests.
import { SourceSession } from '../../src/core/session/source-session.ts';
import { DiskSource } from '../../src/node/disk-source.ts';
import { loadGrammar } from '../../src/node/grammar-files.ts';
import { DiskWordSearch, type PrefilterOptions } from '../../src/node/prefilter.ts';

export async function openSource(root: string, options: PrefilterOptions = {}): Promise<SourceSession> {
  return new SourceSession({ grammar: await loadGrammar(), files: new DiskSource(root), search: new DiskWordSearch(root, options) });
}
