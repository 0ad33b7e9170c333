using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Instances;
using Slipway.Control.Tests.World;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Tests.Instances;

public sealed class TokenRotationTests : IDisposable
{
    private static readonly TokenFile s_hourly = new("/id/hourly", "shop", null, TimeSpan.FromHours(1), 256);
    private static readonly TokenFile s_short = new("/id/short", "shop", "bank", TimeSpan.FromMinutes(10), 256);

    private readonly ManualTime _time = new();
    private readonly CountingTokens _tokens = new();
    private readonly MemoryDriver _driver;

    public TokenRotationTests() => _driver = new MemoryDriver(_time);

    [Fact]
    public async Task A_token_is_replaced_at_four_fifths_of_its_life_and_again_after_that()
    {
        await StartAsync("a");
        var rotation = Rotation();

        await PassAsync(rotation, TimeSpan.FromMinutes(7.9));
        Assert.Equal("first", Read("a", s_short));

        await PassAsync(rotation, TimeSpan.FromMinutes(0.1));
        Assert.Equal("demo/shop/bank/600/1", Read("a", s_short));
        Assert.Equal(256, _driver.FileOf("a", s_short.Path)!.Mode);
        Assert.Equal("first", Read("a", s_hourly));

        await PassAsync(rotation, TimeSpan.FromMinutes(7.9));
        Assert.Equal("demo/shop/bank/600/1", Read("a", s_short));

        await PassAsync(rotation, TimeSpan.FromMinutes(0.1));
        Assert.Equal("demo/shop/bank/600/2", Read("a", s_short));

        await PassAsync(rotation, TimeSpan.FromMinutes(32));
        Assert.StartsWith("demo/shop/-/3600/", Read("a", s_hourly), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frozen_instance_gets_its_token_and_one_that_ended_does_not()
    {
        await StartAsync("frozen");
        await StartAsync("ended");
        await _driver.FreezeAsync("frozen", default);
        _driver.Crash("ended");

        await PassAsync(Rotation(), TimeSpan.FromMinutes(8));

        Assert.Equal("demo/shop/bank/600/1", Read("frozen", s_short));
        Assert.Equal(1, _tokens.Issued);
    }

    [Fact]
    public async Task After_a_restart_an_older_instance_gets_a_fresh_token_at_once_and_a_young_one_keeps_its()
    {
        await StartAsync("old");
        await PassAsync(Rotation(), TimeSpan.FromMinutes(9));
        await StartAsync("young");
        var issued = _tokens.Issued;

        var next = Rotation();
        await next.RotateAsync(default);
        await next.RotateAsync(default);

        Assert.Equal($"demo/shop/bank/600/{issued + 1}", Read("old", s_short));
        Assert.Equal("first", Read("young", s_short));
        Assert.Equal(issued + 1, _tokens.Issued);
    }

    [Fact]
    public async Task It_looks_by_itself_until_it_is_cancelled()
    {
        await StartAsync("a");
        using var stop = new CancellationTokenSource();
        var running = Rotation().RunAsync(stop.Token);

        var patience = TimeSpan.FromSeconds(30);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (Read("a", s_short) == "first")
        {
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) < patience, "the token was never replaced");
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await running.WaitAsync(patience, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _driver.Dispose();

    private TokenRotation Rotation() => new(_driver, _tokens, _time, NullLogger<TokenRotation>.Instance);

    private async Task PassAsync(TokenRotation rotation, TimeSpan time)
    {
        _time.Advance(time);
        await rotation.RotateAsync(default);
    }

    private string Read(string id, TokenFile file) => Encoding.ASCII.GetString(_driver.FileOf(id, file.Path)!.Content.Span);

    private async Task StartAsync(string id)
    {
        var outcome = await _driver.StartAsync(
            new InstanceSpec
            {
                Id = id,
                Namespace = "demo",
                Owner = "web-00001",
                OwnerUid = "u",
                OwnerKind = "Revision",
                ContainerName = "user-container",
                Image = "registry.test/web@sha256:1",
                Runnable = new RunnableImage("/images/x", true, ["/app"], [], [], null, null),
                Tokens = [s_hourly, s_short],
                Files = [new MountedFile(s_hourly.Path, "first"u8.ToArray(), 256), new MountedFile(s_short.Path, "first"u8.ToArray(), 256)],
            },
            default);
        Assert.True(outcome.Succeeded, outcome.Failure?.ToString());
    }
}
