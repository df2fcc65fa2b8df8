/** Where the code runs. The build replaces the name, so the branch of the other platform is left out. */
export const IS_WEB = process.env.UNI_PLATFORM === 'h5'
