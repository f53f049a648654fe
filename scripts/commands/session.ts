import { environmentCommand } from '../stack/environments/environment-command.ts';
import { beginSession } from '../operations/sessions/open-sessions.ts';
import { readSessionRequest } from '../operations/sessions/session-arguments.ts';

await environmentCommand('session', async (environment, args) => {
  console.log(await beginSession(environment, readSessionRequest(args)));
});
