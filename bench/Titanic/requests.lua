-- Which requests wrk sends: chosen by the environment, so that one file serves all scenes.
local scene = os.getenv("SCENE") or "one"
local people = tonumber(os.getenv("PEOPLE") or "100000")
local host = os.getenv("HOST_NAME") or "titanic.localhost:8080"
local sorts = { "passengerId", "name", "-fare", "age", "-createdAt" }

function init(args)
  math.randomseed(tonumber(args[1] or "7"))
end

local function path()
  if scene == "one" then
    return "/api/v1/people/" .. math.random(1, people)
  elseif scene == "page" then
    -- Other people each time, so that no answer has been kept.
    return string.format("/api/v1/people?limit=50&minAge=%d&class=%d&sort=%s&maxFare=%d", math.random(0, 60), math.random(1, 3), sorts[math.random(#sorts)], math.random(8, 400))
  else
    return "/api/v1/people?limit=50"
  end
end

function request()
  return wrk.format("GET", path(), { ["Host"] = host })
end
