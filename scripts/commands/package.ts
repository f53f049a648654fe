import { join, relative } from 'node:path';
import { describePackage, emptied, packPackage } from '../lab/package/pack-package.ts';
import { command } from '../stack/command-line/command.ts';
import { workFolder } from '../stack/command-line/folders.ts';
import { step } from '../stack/command-line/step.ts';

/** Packs what a release consists of: the npm package, its SBOM, and the checksums of both. */
await command('package', async () => {
  const folder = emptied(join(workFolder, 'package'));
  const packed = await step('pack', () => packPackage(folder));
  await step('SBOM and checksums', () => describePackage(folder, packed));
  console.log(
    `${relative(process.cwd(), join(folder, packed.filename))}  ${packed.size} bytes  ${packed.files.length} files`,
  );
});
