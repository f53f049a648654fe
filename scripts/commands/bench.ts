import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { measure } from '../../load-test/bench/measure/bench.ts';
import type { Effort } from '../../load-test/bench/measure/bench-run.ts';
import { prepareCandidates, prepareKinds } from '../../load-test/bench/prepare/candidates.ts';
import { prepareContracts, upstreamsOfContract } from '../../load-test/bench/prepare/postern.ts';
import { writeReports } from '../../load-test/bench/report/write-reports.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';
import { reportsFolder } from '../stack/command-line/folders.ts';

/** With 1 MB, V8 collects garbage once in 20 to 60 requests: a round has a few collections, not one or none. */
const full: Effort = {
  coldRounds: 15,
  warmRounds: 5,
  warmUpRequests: 10_000,
  requestsPerRound: {
    json_1kb: 300,
    json_64kb: 80,
    json_1mb: 100,
    binary_1mb: 100,
    upload_1mb: 100,
  },
};

/** Enough to see that it works and where the figures lie; too little to quote. */
const quick: Effort = {
  coldRounds: 3,
  warmRounds: 3,
  warmUpRequests: 1_000,
  requestsPerRound: { json_1kb: 150, json_64kb: 30, json_1mb: 5, binary_1mb: 5, upload_1mb: 5 },
};

await command('bench', async ({ QUICK }) => {
  const { values } = parseArgs({
    options: { 'write-docs': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const effort = flag(QUICK, 'QUICK') ? quick : full;
  const candidates = await prepareCandidates();
  const contracts = await prepareContracts();
  const kinds = await prepareKinds(candidates, contracts);
  const measured = await measure(candidates, contracts, kinds, upstreamsOfContract(), effort);
  console.log(writeReports(measured, values['write-docs']));
  console.log(`\n${relative(process.cwd(), reportsFolder)}: bench.json, bench.svg, growth.svg`);
});
