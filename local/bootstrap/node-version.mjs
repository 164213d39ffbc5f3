const OLDEST = [20, 19];

/**
 * What to tell a user whose Node or operating system can't run this.
 * @param {string} version as in process.versions.node
 * @param {string} platform as in process.platform
 * @returns {string | undefined} undefined when all is well
 */
export function oldNodeMessage(version, platform) {
  if (platform === 'win32') {
    return 'This runs on Linux and macOS. On Windows use WSL 2, or "docker compose up".';
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `This needs Node ${OLDEST.join('.')} or newer to begin with, and here Node ${version} runs. Install a newer one and run it again.`;
}
