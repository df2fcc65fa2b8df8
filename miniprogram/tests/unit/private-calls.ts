/** Calls that WeChat makes only after its guide to privacy names them and the person has agreed. */
export const COUNTED_AS_PRIVATE = [
  'getUserInfo', 'getUserProfile', 'getPhoneNumber',
  'getLocation', 'getFuzzyLocation', 'chooseLocation', 'choosePoi', 'startLocationUpdate', 'startLocationUpdateBackground',
  'onLocationChange', 'chooseAddress', 'chooseInvoiceTitle', 'chooseInvoice', 'chooseLicensePlate', 'getWeRunData',
  'chooseImage', 'chooseMedia', 'chooseVideo', 'chooseMessageFile', 'saveImageToPhotosAlbum', 'saveVideoToPhotosAlbum',
  'startRecord', 'getRecorderManager', 'joinVoIPChat', 'createCameraContext', 'createVKSession', 'createLivePusherContext',
  'scanCode', 'openBluetoothAdapter', 'createBLEPeripheralServer', 'chooseContact', 'addPhoneContact',
  'addPhoneRepeatCalendar', 'addPhoneCalendar', 'startAccelerometer', 'startCompass', 'startDeviceMotionListening',
  'startGyroscope', 'getClipboardData', 'setClipboardData',
  // WeChat's list is older than these two; a face and an identity are no less private.
  'requestFacialVerify', 'ncidas',
]
