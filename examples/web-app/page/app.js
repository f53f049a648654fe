const at = (id) => document.getElementById(id);

const say = (text) => {
  at('notice').textContent = text;
  at('notice').hidden = text === '';
};

let endOfSession;

/** Shows who is signed in. The question itself uses the session, so it is asked once, and not again and again. */
const showSession = async () => {
  const response = await fetch('../auth/session');
  const session = response.ok ? await response.json() : undefined;
  at('signed-in').hidden = session === undefined;
  at('signed-out').hidden = session !== undefined;
  clearTimeout(endOfSession);
  if (session === undefined) return;
  at('user').textContent = session.user_id;
  at('roles').textContent = session.roles.join(', ') || 'none';
  const endsAt = new Date(session.ends_at);
  at('ends-at').dateTime = session.ends_at;
  at('ends-at').textContent = endsAt.toLocaleString();
  endOfSession = setTimeout(showSession, endsAt.getTime() - Date.now() + 1000);
};

const call = async (path) => {
  const response = await fetch(path);
  at('result').textContent =
    `${response.status}\n${JSON.stringify(await response.json(), undefined, 2)}`;
  at('result').hidden = false;
  if (response.status !== 401) return;
  say('There is no session, or it has ended. Sign in to go on.');
  await showSession();
};

/** What fails here is the network: the gateway responds to everything else. */
const attempt = (action) => action().catch(() => say('The gateway cannot be reached. Try again.'));

for (const button of document.querySelectorAll('[data-call]'))
  button.addEventListener('click', () => attempt(() => call(button.dataset.call)));

const error = new URLSearchParams(location.search).get('sign_in_error');
if (error !== null) {
  say(error === 'access_denied' ? 'The sign-in was cancelled.' : `The sign-in failed: ${error}.`);
  history.replaceState(undefined, '', location.pathname);
}

await attempt(showSession);
