// A little catalogue for test/dev-api.mjs.
const services = `telegram:Telegram:messenger whatsapp:WhatsApp:messenger google:Google,_YouTube,_Gmail:mail instagram:Instagram:social
facebook:Facebook:social tiktok:TikTok:social discord:Discord:messenger openai:OpenAI:ai amazon:Amazon:shop microsoft:Microsoft,_Outlook:mail
twitter:Twitter_/_X:social uber:Uber:transport viber:Viber:messenger signal:Signal:messenger wechat:WeChat:messenger vkontakte:VKontakte:social
snapchat:Snapchat:social linkedin:LinkedIn:social netflix:Netflix:media spotify:Spotify:media steam:Steam:games tinder:Tinder:dating
airbnb:Airbnb:travel booking:Booking.com:travel paypal:PayPal:finance wise:Wise:finance revolut:Revolut:finance apple:Apple:tech
yahoo:Yahoo:mail proton:Proton_Mail:mail claude:Claude:ai ebay:eBay:shop aliexpress:AliExpress:shop bolt:Bolt:transport`;

const countries = `gb:United_Kingdom:44 us:United_States:1 de:Germany:49 fr:France:33 nl:Netherlands:31 pl:Poland:48 es:Spain:34 it:Italy:39
pt:Portugal:351 se:Sweden:46 fi:Finland:358 ee:Estonia:372 lv:Latvia:371 lt:Lithuania:370 ua:Ukraine:380 kz:Kazakhstan:7 ge:Georgia:995
tr:Türkiye:90 in:India:91 id:Indonesia:62 ph:Philippines:63 vn:Vietnam:84 th:Thailand:66 my:Malaysia:60 jp:Japan:81 kr:South_Korea:82
br:Brazil:55 mx:Mexico:52 ar:Argentina:54 co:Colombia:57 cl:Chile:56 ca:Canada:1 au:Australia:61 nz:New_Zealand:64 za:South_Africa:27
ng:Nigeria:234 ke:Kenya:254 eg:Egypt:20 ma:Morocco:212 il:Israel:972 ae:United_Arab_Emirates:971 ro:Romania:40 cz:Czechia:420 at:Austria:43`;

const rows = (text) => text.trim().split(/\s+/).map((row) => row.replaceAll('_', ' ').split(':'));

export const SERVICES = rows(services).map(([code, name, category]) => ({ code, name, category }));
export const COUNTRIES = rows(countries).map(([code, name, dial]) => ({ code, name, dial }));
