using System.Net;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Runtime.Health;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Tests.Process;

namespace Slipway.Runtime.Tests.Health;

public sealed class ProbeTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly ProcessWorld _world = new();
    private readonly ProbeSupervisor _health;

    public ProbeTests() => _health = new ProbeSupervisor(_world.Driver, TimeProvider.System);

    [Fact]
    public async Task An_instance_without_probes_is_ready_when_it_listens()
    {
        await _world.StartAsync(_world.Misbehaving("a", "slow", ("MISBEHAVE_AFTER", "0.2")));
        Assert.False(_health.Find("a")!.Ready);

        await ReadyAsync("a");

        Assert.True(_health.Find("a")!.Started);
    }

    [Fact]
    public async Task A_job_without_probes_is_ready_when_it_runs()
    {
        await _world.StartAsync(_world.Shell("job", "sleep 1000") with { Serves = false });
        await ReadyAsync("job");
    }

    [Fact]
    public async Task Readiness_follows_what_the_instance_answers()
    {
        await _world.StartAsync(_world.Misbehaving("a", "") with
        {
            ReadinessProbe = Http("/ready") with { FailureThreshold = 2 },
        });
        await ReadyAsync("a");

        await AskAsync("a", "/become/unready");
        await Eventually.True(() => _health.Find("a") is { Ready: false, Failing: false, Started: true }, "it is unready");
        Assert.Contains("503", _health.Find("a")!.Message);

        await AskAsync("a", "/become/ready");
        await ReadyAsync("a");
        Assert.Null(_health.Find("a")!.Message);
    }

    [Fact]
    public async Task Liveness_that_fails_too_often_is_told_and_nothing_is_restarted()
    {
        await _world.StartAsync(_world.Misbehaving("a", "") with
        {
            ReadinessProbe = Http("/ready"),
            LivenessProbe = Http("/live") with { FailureThreshold = 2 },
        });
        await ReadyAsync("a");

        await AskAsync("a", "/become/dead");

        await Eventually.True(() => _health.Find("a") is { Failing: true, Ready: false }, "it is failing");
        Assert.Contains("liveness", _health.Find("a")!.Message);
        Assert.Equal(InstancePhase.Running, _world.State("a").Phase);
    }

    [Fact]
    public async Task A_startup_probe_that_fails_too_often_is_failing()
    {
        await _world.StartAsync(_world.Misbehaving("a", "deaf") with
        {
            StartupProbe = Http("/") with { Handler = ProbeHandler.Tcp, FailureThreshold = 3 },
        });

        await Eventually.True(() => _health.Find("a") is { Failing: true, Started: false }, "it is failing");
        Assert.Contains("Nobody listens", _health.Find("a")!.Message);
    }

    [Fact]
    public async Task A_startup_probe_holds_readiness_back()
    {
        var gate = "test -e $TMPDIR/go";
        await _world.StartAsync(_world.Misbehaving("a", "") with
        {
            StartupProbe = new InstanceProbe { Handler = ProbeHandler.Exec, Command = ["/bin/sh", "-c", gate], Period = TimeSpan.FromMilliseconds(50), FailureThreshold = 100_000, Timeout = s_patience },
            ReadinessProbe = Http("/ready"),
        });
        await Eventually.True(async () => await AnswersAsync("a"), "it answers");
        Assert.False(_health.Find("a")!.Ready);

        Assert.Equal(0, (await Eventually.Done(_world.Driver.ExecuteAsync("a", ["/bin/sh", "-c", "touch $TMPDIR/go"], s_patience, default))).Value);

        await ReadyAsync("a");
    }

    [Fact]
    public async Task Garbage_is_no_health()
    {
        await _world.StartAsync(_world.Misbehaving("a", "garbage") with { ReadinessProbe = Http("/ready") });

        await Eventually.True(() => _health.Find("a")!.Message!.StartsWith("The HTTP probe failed", StringComparison.Ordinal), "it is asked and found wanting");
        Assert.False(_health.Find("a")!.Ready);
    }

    [Fact]
    public async Task Health_is_asked_over_http2_and_grpc()
    {
        await _world.StartAsync(_world.Misbehaving("web", "h2c") with { Http2 = true, ReadinessProbe = Http("/ready") });
        await _world.StartAsync(_world.Misbehaving("grpc", "h2c") with { Http2 = true, ReadinessProbe = Http("/") with { Handler = ProbeHandler.Grpc, GrpcService = "shop.Orders" } });

        await ReadyAsync("web");
        await ReadyAsync("grpc");

        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        await client.GetStringAsync($"http://{_world.State("grpc").Address}/become/unready");
        await Eventually.True(() => !_health.Find("grpc")!.Ready, "it is unready");
        Assert.Contains("not serving", _health.Find("grpc")!.Message);
    }

    [Fact]
    public async Task A_frozen_instance_is_not_probed_and_stays_ready()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(1_000);
        var probe = Http("/") with { Handler = ProbeHandler.Tcp, Port = ((IPEndPoint)listener.LocalEndpoint).Port, Period = TimeSpan.FromMilliseconds(5) };
        await _world.StartAsync(_world.Shell("a", "sleep 1000") with { ReadinessProbe = probe });
        await ReadyAsync("a");

        Assert.True(await _world.Driver.FreezeAsync("a", default));
        await CountConnectionsAsync();
        for (var i = 0; i < 30; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        // At most the one that was on its way when the instance was frozen.
        Assert.InRange(await CountConnectionsAsync(), 0, 1);
        Assert.True(_health.Find("a")!.Ready);
        await _world.Driver.ThawAsync("a", default);
        await Eventually.True(async () => await CountConnectionsAsync() > 0, "it is probed again");

        async Task<int> CountConnectionsAsync()
        {
            var count = 0;
            for (; listener.Pending(); count++)
            {
                (await listener.AcceptTcpClientAsync()).Dispose();
            }

            return count;
        }
    }

    [Fact]
    public async Task An_ended_instance_has_no_health()
    {
        var last = new List<HealthState>();
        await _world.StartAsync(_world.Misbehaving("a", ""));
        await ReadyAsync("a");
        _health.Changed += last.Add;

        await Eventually.Done(_world.Driver.StopAsync("a", s_patience, default));

        Assert.Null(_health.Find("a"));
        Assert.False(last[^1].Ready);
    }

    [Fact]
    public async Task A_probe_says_who_it_is()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var probe = Http("/check?x=1") with { Port = ((IPEndPoint)listener.LocalEndpoint).Port, Headers = [KeyValuePair.Create("X-Custom", "yes"), KeyValuePair.Create("Host", "shop.example")] };
        await _world.StartAsync(_world.Shell("a", "sleep 1000") with { ReadinessProbe = probe });

        var head = "";
        while (head.Length == 0)
        {
            // The first connection only asks whether anybody listens.
            using var client = await Eventually.Done(listener.AcceptTcpClientAsync());
            var buffer = new byte[4096];
            var read = await Eventually.Done(client.GetStream().ReadAsync(buffer).AsTask());
            head = Encoding.ASCII.GetString(buffer, 0, read);
        }

        Assert.StartsWith("GET /check?x=1 HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("User-Agent: kube-probe/1.31\r\n", head);
        Assert.Contains("K-Kubelet-Probe: queue\r\n", head);
        Assert.Contains("X-Custom: yes\r\n", head);
        Assert.Contains("Host: shop.example\r\n", head);
    }

    [Fact]
    public void A_verdict_needs_its_threshold_in_a_row() => Prop.ForAll(
        Gen.Choose(1, 5).Two().ToArbitrary(),
        ArbMap.Default.ArbFor<bool[]>(),
        (thresholds, tries) =>
        {
            var (success, failure) = thresholds;
            var machine = tries.Aggregate(new ProbeMachine(success, failure), (state, one) => state.After(one));
            var expected = ProbeVerdict.Unknown;
            for (var i = 0; i < tries.Length; i++)
            {
                var row = tries.Take(i + 1).Reverse().TakeWhile(one => one == tries[i]).Count();
                expected = tries[i] && row >= success ? ProbeVerdict.Passing : !tries[i] && row >= failure ? ProbeVerdict.Failing : expected;
            }

            return machine.Verdict == expected;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("", new byte[] { 0, 0, 0, 0, 0 })]
    [InlineData("ab", new byte[] { 0, 0, 0, 0, 4, 0x0a, 2, 0x61, 0x62 })]
    public void A_grpc_question_is_framed(string service, byte[] frame) => Assert.Equal(frame, GrpcHealth.Request(service));

    [Fact]
    public void Only_serving_is_serving()
    {
        Assert.True(GrpcHealth.IsServing([0, 0, 0, 0, 2, 8, 1]));
        Assert.False(GrpcHealth.IsServing([0, 0, 0, 0, 2, 8, 2]));
        Assert.False(GrpcHealth.IsServing([0, 0, 0, 0, 0]));
        Assert.False(GrpcHealth.IsServing([1, 0, 0, 0, 2, 8, 1]));
        Assert.False(GrpcHealth.IsServing([]));
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _health.Dispose();
    }

    private static InstanceProbe Http(string path) => new() { Handler = ProbeHandler.Http, Path = path, Period = TimeSpan.FromMilliseconds(50), Timeout = s_patience };

    private Task ReadyAsync(string id) => Eventually.True(() => _health.Find(id) is { Ready: true }, $"{id} is ready");

    private async Task AskAsync(string id, string path)
    {
        using var client = new HttpClient { Timeout = s_patience };
        await client.GetStringAsync($"http://{_world.State(id).Address}{path}");
    }

    private async Task<bool> AnswersAsync(string id)
    {
        try
        {
            await AskAsync(id, "/");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
