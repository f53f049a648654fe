import { describe, expect, it } from '@jest/globals';
import { run } from './run.ts';

const node = (script: string, options = {}) => run(process.execPath, ['-e', script], options);

describe('run', () => {
  it('keeps the output and the exit code', async () => {
    const finished = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(finished).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('returns the process id, and reports an end by a signal as a shell does', async () => {
    const finished = await node('setTimeout(() => {}, 60_000)', {
      onStart: (pid: number) => process.kill(pid, 'SIGKILL'),
    });
    expect(finished.exitCode).toBe(128 + 9);
  });

  it('waits for a program that ends in good order after an interrupt', async () => {
    const script =
      'process.on("SIGINT", () => { console.log("saved"); process.exit(1) }); setInterval(() => {}, 1e3)';
    const finished = await node(`${script}; process.stderr.write("up")`, {
      onStart: () => setTimeout(() => process.emit('SIGINT', 'SIGINT'), 500),
    });
    expect(finished).toMatchObject({ exitCode: 1, stdout: 'saved\n' });
  });

  it('throws if the program does not exist', async () => {
    await expect(run('no-such-program', [])).rejects.toThrow('ENOENT');
  });
});
