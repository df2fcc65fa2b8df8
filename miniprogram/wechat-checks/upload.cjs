/**
 * What an upload would do, without uploading: `node upload.cjs <folder>` compiles the package and prints WeChat's
 * own report on its quality as JSON. It is a program of its own, because the library keeps watching files
 * and leaves folders behind where it runs.
 */
const { generateKeyPairSync } = require('node:crypto')
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')

// The library would ask WeChat for lists that are not needed here, and wait long for no answer.
net.Socket.prototype.connect = function refuse() {
  process.nextTick(() => this.destroy(new Error('nobody outside is asked')))
  return this
}
const ci = require('miniprogram-ci')

async function report(projectPath) {
  const appid = JSON.parse(fs.readFileSync(path.join(projectPath, 'project.config.json'), 'utf8')).appid
  const pem = (type) => ({ type, format: 'pem' })
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: pem('pkcs1'),
    publicKeyEncoding: pem('pkcs1'),
  })
  // Any key will do: nothing is signed with it that leaves this machine.
  fs.writeFileSync('key', privateKey)
  const project = new ci.Project({ appid, type: 'miniProgram', projectPath, privateKeyPath: path.resolve('key'), ignores: [] })
  // WeChat would be asked for the limits of this app; the usual ones have to do.
  project.attr = async () => ({ ...ci.DefaultProjectAttr, appid, gameApp: false })
  const setting = { es6: true, es7: true, minify: true, autoPrefixWXSS: true }
  await ci.getCompiledResult({ project, version: '0.0.0', desc: '', setting, onProgressUpdate() {} }, path.resolve('package.zip'))
  const written = path.resolve('quality.json')
  const items = await ci.checkCodeQuality(project, written)
  return Array.isArray(items) ? items : JSON.parse(fs.readFileSync(written, 'utf8'))
}

report(path.resolve(process.argv[2])).then(
  (items) => {
    fs.writeFileSync('report.json', JSON.stringify(items))
    process.exit(0)
  },
  (error) => {
    console.error(error.code ?? '', error.message ?? error)
    process.exit(1)
  },
)
