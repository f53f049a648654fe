import '../../../handler/testing/example/load-example.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { judgeGenerated } from '../../../handler/testing/hostile/judge-events.ts';
import type { Chunk } from './hostile-input-part.ts';

parentPort?.postMessage(await judgeGenerated(workerData as Chunk));
