import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import scalar from '../../../handler/src/built-in/docs/scalar.json' with { type: 'json' };
import { CommandError } from '../command-line/command-error.ts';
import { workFolder } from '../command-line/folders.ts';
import { run } from '../command-line/run.ts';

/**
 * The script of the docs page, compressed by Brotli. It is downloaded by npm when a contract asks for the page for the
 * first time, and checked against its pinned hash: its package would install 600 others, which the script has in it.
 */
export const docsScript = async (): Promise<Uint8Array> => {
  const folder = join(workFolder, 'docs');
  const file = join(folder, `scalar-${scalar.version}.js.br`);
  const known = await readFile(file).catch(() => undefined);
  if (known !== undefined) return known;
  await mkdir(folder, { recursive: true });
  const temporary = await mkdtemp(join(folder, 'download-'));
  try {
    const script = await download(temporary);
    const license = `/*! ${scalar.package} ${scalar.version}, MIT license, https://github.com/scalar/scalar */\n`;
    const params = {
      // The best takes half a minute, and saves a tenth.
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: script.length,
    };
    const compressed = brotliCompressSync(Buffer.concat([Buffer.from(license), script]), {
      params,
    });
    // Renamed, so that another build never finds it half written.
    await writeFile(join(temporary, 'script'), compressed);
    await rename(join(temporary, 'script'), file);
    return compressed;
  } finally {
    await rm(temporary, { recursive: true });
  }
};

const download = async (folder: string): Promise<Buffer> => {
  const name = `${scalar.package}@${scalar.version}`;
  const packed = await run('npm', ['pack', name, '--silent', '--pack-destination', folder], {
    cwd: folder,
  });
  if (packed.exitCode !== 0)
    throw new CommandError(
      `builtIn.docs needs ${name}, which npm cannot download:\n${packed.stderr.trim()}`,
    );
  const archive = join(folder, packed.stdout.trim());
  const hash = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (`sha512-${hash}` !== scalar.integrity)
    throw new CommandError(`${name} is not the pinned one: its hash is sha512-${hash}`);
  const entry = 'package/dist/browser/standalone.js';
  const { exitCode, stderr } = await run('tar', ['-xzf', archive, '-C', folder, entry]);
  if (exitCode !== 0) throw new CommandError(`${name} cannot be unpacked:\n${stderr.trim()}`);
  return readFile(join(folder, entry));
};
