// hero - what the client hero-sms sees of Numlease, as one line of JSON.
//	BASE=https://localhost:1/stubs/handler_api.php KEY=... node hero.cjs STEP
// Run in the folder where npm has put the client.
'use strict';
const {createRequire} = require('node:module');
const hero = createRequire(`${process.cwd()}/`)('hero-sms');
const client = new hero.HeroSMSClient({apiKey: process.env.KEY, baseUrl: process.env.BASE});
const ask = {service: 'tg', country: 16};

// Until `is` holds of what `read` gives, for at most 30 s.
async function until(read, is) {
	for (const end = Date.now() + 30000; Date.now() < end;) {
		const value = await read();
		if (is(value))
			return value;
		await new Promise((done) => setTimeout(done, 100));
	}
	throw new Error('not within 30 s');
}

async function error(promise) {
	try {
		return {value: await promise};
	} catch (e) {
		return {name: e.name, code: e.code, minimumPrice: e.minimumPrice};
	}
}

const steps = {
	async lease() {
		const balance = await client.getBalance();
		const number = await client.getNumber(ask);
		const id = number.activationId;
		const ready = await client.markReady(id);
		const status = await until(() => client.getStatus(id), (s) => s.status === 'STATUS_OK');
		const second = await client.getStatusV2(id);
		const late = await error(client.cancel(id));
		const done = await client.complete(id);
		return {balance, number, ready, status, second, late, done, after: await client.getBalance()};
	},
	async cancel() {
		const number = await client.getNumberV2(ask);
		const status = await client.getStatus(number.activationId);
		const active = await client.getActiveActivations();
		const done = await client.cancel(number.activationId);
		return {number, status, active, done, after: await client.getStatus(number.activationId)};
	},
	async read() {
		return {countries: await client.getCountries(), services: await client.getServicesList(),
			prices: await client.getPrices(ask)};
	},
	async early() {
		const {activationId} = await client.getNumber(ask);
		return error(client.cancel(activationId));
	},
	async errors() {
		const stranger = new hero.HeroSMSClient({apiKey: 'x'.repeat(32), baseUrl: process.env.BASE});
		return {
			key: await error(stranger.getBalance()),
			activation: await error(client.getStatus(1)),
			price: await error(client.getNumber({...ask, maxPrice: 0.0001})),
			service: await error(client.getNumber({...ask, service: 'nosuch'})),
			numbers: await error(client.getNumber({...ask, operator: 'nosuch'})),
			action: await error(client.getHistory()),
			none: await error(client.getActiveActivations()),
		};
	},
};

steps[process.argv[2]]().then((result) => console.log(JSON.stringify(result)), (e) => {
	console.error(e);
	process.exit(1);
});
