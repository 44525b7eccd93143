-- Divides the limit of one endpoint among the gateways that claim parts of it. What a gateway holds nobody else is given:
-- the sum of all shares stays within the limit, or the number of gateways when that is larger.
-- KEYS[1]: a hash: the gateway's id -> "held wanted until", and "@" -> the time until which nobody gets more
-- ARGV: id, limit, held, wanted, 1 when it was given a share before, milliseconds after which a claim is forgotten
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local me, most, life = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[6])
local held = tonumber(ARGV[3])
local ids, wants = { me }, { [me] = math.max(1, tonumber(ARGV[4])) }
local others, known, pause = 0, false, 0

local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
    local id = all[i]
    local holds, want, till = string.match(all[i + 1], '^(%d+) (%d+) (%d+)$')
    if id == '@' then
        pause = tonumber(all[i + 1]) or 0
    elseif not till or tonumber(till) < now then
        redis.call('HDEL', KEYS[1], id)
    elseif id == me then
        known = true
    else
        ids[#ids + 1] = id
        wants[id] = math.max(1, tonumber(want))
        others = others + tonumber(holds)
    end
end
if tonumber(ARGV[5]) == 1 and not known then
    -- What it holds has been forgotten here, so that of others may have been too: all claim again before anybody gets more.
    pause = now + life
    redis.call('HSET', KEYS[1], '@', pause)
end

-- Max-min fairness: the highest level at which all wants, cut off there, fit in.
table.sort(ids)
local count = #ids
local bound = math.max(most, count)
local function filled(level)
    local sum = 0
    for _, id in ipairs(ids) do
        sum = sum + math.min(wants[id], level)
    end
    return sum
end
local low, high = 1, bound
while low < high do
    local middle = math.floor((low + high + 1) / 2)
    if filled(middle) <= bound then
        low = middle
    else
        high = middle - 1
    end
end
-- The rest goes to all evenly when they have what they want, else to those that do not, one each; ids say who is first.
local rest = bound - filled(low)
local content = filled(bound) <= bound
local each = content and math.floor(rest / count) or 0
local odd = rest - each * count
local target = math.min(wants[me], low) + each
for _, id in ipairs(ids) do
    if odd == 0 then
        break
    end
    if content or wants[id] > low then
        odd = odd - 1
        if id == me then
            target = target + 1
        end
    end
end

local given = target
if target > held then
    local free = math.max(0, bound - others - held)
    if now < pause then
        free = math.min(free, math.max(0, 1 - held))
    end
    given = math.min(target, held + free)
end
redis.call('HSET', KEYS[1], me, string.format('%d %d %d', math.max(held, given), wants[me], now + life))
redis.call('PEXPIRE', KEYS[1], life * 4)
return given
