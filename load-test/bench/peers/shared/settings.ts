const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is missing`);
  return value;
};

export const settings = {
  sessionTable: required('SESSION_TABLE_NAME'),
  rateLimitTable: required('RATELIMIT_TABLE_NAME'),
  signingSecretArn: required('TOKEN_SIGNING_SECRET_ARN'),
  usersUrl: required('UPSTREAM_USERS_SERVICE_URL'),
  productsUrl: required('UPSTREAM_PRODUCTS_SERVICE_URL'),
  requestsPerWindow: 500,
  windowSeconds: 60,
};
