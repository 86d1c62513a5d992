// Starts a real PLC directory and PDS, both on 127.0.0.1 only: node run.mjs PDS_PORT PLC_PORT
// Prints {"ready": true, "url": …} on a line of its own, and stops when its standard input closes.
import { Server } from 'node:net'

const LOOPBACK = '127.0.0.1'
const listen = Server.prototype.listen

// The servers call listen(port), which means every interface. Here that must mean loopback.
Server.prototype.listen = function (port, ...rest) {
  const isBarePort = ['number', 'string'].includes(typeof port) && typeof rest[0] !== 'string'
  return isBarePort ? listen.call(this, Number(port), LOOPBACK, ...rest) : listen.call(this, port, ...rest)
}

const [pdsPort, plcPort] = process.argv.slice(2).map(Number)
const { default: devEnv } = await import('@atproto/dev-env')
await devEnv.TestNetworkNoAppView.create({ pds: { port: pdsPort }, plc: { port: plcPort } })
console.log(JSON.stringify({ ready: true, url: `http://${LOOPBACK}:${pdsPort}` }))

// Whoever started us may be killed: then the pipe closes, and no server is left behind.
process.stdin.on('end', () => process.exit(0)).resume()
