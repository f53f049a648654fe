/** What the routes do, each at its path below the one of the contract. */
export const actions = {
  signIn: { path: '/sign-in', methods: ['GET'] },
  callback: { path: '/callback', methods: ['GET'] },
  session: { path: '/session', methods: ['GET'] },
  signOut: { path: '/sign-out', methods: ['GET', 'POST'] },
  backChannelLogout: { path: '/back-channel-logout', methods: ['POST'] },
} as const;

export type BrowserAction = keyof typeof actions;
