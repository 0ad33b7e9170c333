using System.Diagnostics.Metrics;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Replies;

namespace Slipway.Sdk.Tests.Caching;

public sealed class ResponseCacheTests : IDisposable
{
    private readonly Meter _meter = new("test");
    private readonly ResponseCache _cache;

    public ResponseCacheTests() => _cache = New(entries: 100);

    [Fact]
    public void An_answer_is_forgotten_when_one_of_its_tags_is_named()
    {
        _cache.Keep("a", _cache.Moment(), Of("1"), ["x", "y"]);
        _cache.Keep("b", _cache.Moment(), Of("2"), ["y"]);

        _cache.Forget(["x"]);

        Assert.Null(_cache.Find("a"));
        Assert.NotNull(_cache.Find("b"));
    }

    [Fact]
    public void What_was_read_before_a_change_is_not_kept_after_it()
    {
        var moment = _cache.Moment();
        _cache.Forget(["x"]);

        _cache.Keep("a", moment, Of("old"), ["x"]);
        _cache.Keep("b", moment, Of("other"), ["z"]);

        Assert.Null(_cache.Find("a"));
        Assert.NotNull(_cache.Find("b"));
        _cache.Clear();
        _cache.Keep("b", moment, Of("other"), ["z"]);
        Assert.Null(_cache.Find("b"));
    }

    [Fact]
    public void Nothing_is_served_while_nobody_would_say_that_it_is_old()
    {
        _cache.Keep("a", _cache.Moment(), Of("1"), ["x"]);

        _cache.Trusted = false;

        Assert.Null(_cache.Find("a"));
        Assert.NotNull(_cache.FindForOutage("a"));
    }

    [Fact]
    public void Whatever_happens_the_bounds_hold_and_no_forgotten_answer_comes_back() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20260105UL, 90001UL),
        Prop.ForAll(Gen.ArrayOf(from kind in Gen.Choose(0, 5) from key in Gen.Choose(0, 30) from tag in Gen.Choose(0, 6) select (kind, key, tag)).ToArbitrary(), steps =>
        {
            var cache = New(entries: 8);
            var valid = new Dictionary<string, HashSet<string>>();
            foreach (var (kind, key, tag) in steps)
            {
                var (name, tags) = ($"k{key}", new HashSet<string> { $"t{tag}", $"t{key % 3}" });
                if (kind == 0)
                {
                    cache.Forget([$"t{tag}"]);
                    foreach (var gone in valid.Where(pair => pair.Value.Contains($"t{tag}")).Select(pair => pair.Key).ToList())
                    {
                        valid.Remove(gone);
                    }
                }
                else
                {
                    cache.Keep(name, cache.Moment(), Of(name), tags);
                    valid[name] = tags;
                }

                var found = Enumerable.Range(0, 31).Select(at => $"k{at}").Where(each => cache.Find(each) is not null).ToList();
                if (found.Count > 8 || found.Exists(each => !valid.ContainsKey(each)))
                {
                    return false;
                }
            }

            return true;
        }));

    public void Dispose() => _meter.Dispose();

    private static Reply Of(string body) => new(200, [], System.Text.Encoding.UTF8.GetBytes(body));

    private ResponseCache New(int entries) =>
        new(new CacheBounds("test", 1_000_000, entries, 1_000, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)), TimeProvider.System, _meter) { Trusted = true };
}
