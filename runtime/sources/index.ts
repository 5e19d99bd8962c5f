/** `millrace/sources`: rows from the network and from brokers, each through its own client. */
export type { AmqpOptions } from './amqp.ts';
export { amqpQueue } from './amqp.ts';
export type { Decode, DecodeOptions } from './decoding.ts';
export type { HttpLinesOptions } from './http-lines.ts';
export { httpLines } from './http-lines.ts';
export type { KafkaOptions } from './kafka.ts';
export { kafkaTopic } from './kafka.ts';
export type { MqttOptions } from './mqtt.ts';
export { mqttTopic } from './mqtt.ts';
export type { NatsOptions } from './nats.ts';
export { natsJetStream } from './nats.ts';
export type { RedisOptions } from './redis.ts';
export { redisStream } from './redis.ts';
export type { RetryOptions } from './retries.ts';
export type { ServerSentEventsOptions } from './server-sent-events.ts';
export { serverSentEvents } from './server-sent-events.ts';
export type { WebSocketOptions } from './web-socket.ts';
export { webSocket } from './web-socket.ts';
