import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../stack/command-line/folders.ts';
import type { Evidence } from './evidence.ts';
import { evidencePage } from './evidence-page.ts';

const reportFolder = join(projectFolder, 'reports');

/** Writes `reports/release.json` and `.html`; gives the path of the first. */
export const writeEvidence = (evidence: Evidence): string => {
  mkdirSync(reportFolder, { recursive: true });
  const file = join(reportFolder, 'release.json');
  writeFileSync(file, `${JSON.stringify(evidence, null, 2)}\n`);
  writeFileSync(join(reportFolder, 'release.html'), evidencePage(evidence));
  return file;
};
