declare module 'recheck/lib/browser.js' {
  import recheck from 'recheck';
  export default recheck;
}
