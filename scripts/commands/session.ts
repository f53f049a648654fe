import { command } from '../stack/command-line/command.ts';
import { environmentArguments, readEnvironment } from '../stack/environments/environment.ts';
import { beginSession } from '../operations/sessions/open-sessions.ts';
import { readSessionRequest } from '../operations/sessions/session-arguments.ts';

await command([...environmentArguments, 'USER', 'ROLES', 'TTL'], async (args) => {
  const environment = readEnvironment(args);
  console.log(await beginSession(environment, readSessionRequest(args)));
});
