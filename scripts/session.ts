import { command } from './command-line/command.ts';
import { readEnvironment } from './environments/environment.ts';
import { beginSession } from './sessions/begin-session.ts';
import { readSessionRequest } from './sessions/session-request.ts';

await command(async () => {
  const environment = readEnvironment();
  console.log(await beginSession(environment, readSessionRequest(process.env)));
});
