import { command } from '../stack/command-line/command.ts';
import { readEnvironment } from '../stack/environments/environment.ts';
import { beginSession } from '../operations/sessions/begin-session.ts';
import { readSessionRequest } from '../operations/sessions/session-request.ts';

await command(async () => {
  const environment = readEnvironment();
  console.log(await beginSession(environment, readSessionRequest(process.env)));
});
