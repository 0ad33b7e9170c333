using System.Text.Json;
using Slipway.Gateway.Status;
using Slipway.Gateway.Tests.World;
using Slipway.Model;
using Slipway.Model.Gateway;
using Slipway.Model.Platform;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Tests;

public sealed class FiguresTests
{
    [Fact]
    public async Task Requests_bytes_and_busy_time_are_counted_where_the_meter_reads_them()
    {
        await using var world = await GatewayWorld.StartAsync();
        await using var shop = Upstream.Answering(new string('x', 5000));
        await world.ServeAsync("shop", shop);

        for (var i = 0; i < 3; i++)
        {
            await world.GetAsync("shop.localhost");
        }

        await GatewayWorld.UntilAsync(() => world.Gateway.Services().Single().ByStatusClass[2] == 3);
        var service = world.Gateway.Services().Single();
        var instance = world.Gateway.Instances().Single();
        Assert.Equal(("default", "shop", 0), (service.Namespace, service.Service, service.InFlight));
        Assert.Equal(3, service.LatencyBuckets.Sum());
        Assert.InRange(instance.EgressBytes, 15_000, 17_000);
        Assert.Equal(instance.EgressBytes, service.EgressBytes);
        Assert.Equal((3L, 0), (instance.Requests, instance.InFlight));
        Assert.True(instance.Busy > TimeSpan.Zero);
        var text = world.Gateway.PrometheusText();
        Assert.Contains("slipway_gateway_requests_total{namespace=\"default\",service=\"shop\",code=\"2xx\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("slipway_gateway_request_duration_seconds_count{namespace=\"default\",service=\"shop\"} 3\n", text, StringComparison.Ordinal);
        Assert.Equal(3, world.Gateway.Read().Single().Requests);
        Assert.Empty(world.Gateway.Read());
    }

    [Fact]
    public void Concurrency_is_averaged_over_time_exactly()
    {
        var time = new ManualTime();
        var meter = new Admission.LoadMeter(time);

        meter.Arrived();
        time.Advance(TimeSpan.FromSeconds(1));
        meter.Arrived();
        time.Advance(TimeSpan.FromSeconds(1));
        meter.Left();
        time.Advance(TimeSpan.FromSeconds(2));
        var (average, arrivals, present) = meter.Read();

        Assert.Equal((5.0 / 4, 2L, 1), (Math.Round(average, 6), arrivals, present));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1.0, 0L, 1), meter.Read());
    }

    [Fact]
    public void Overlapping_requests_are_busy_time_once()
    {
        var time = new ManualTime();
        var slot = new Balancing.InstanceSlot("a", time, 1);

        slot.TryEnter(0);
        time.Advance(TimeSpan.FromSeconds(2));
        slot.TryEnter(0);
        time.Advance(TimeSpan.FromSeconds(2));
        slot.Leave(10);
        time.Advance(TimeSpan.FromSeconds(1));
        slot.Leave(5);
        time.Advance(TimeSpan.FromSeconds(100));

        Assert.Equal((TimeSpan.FromSeconds(5), 15L, 2L), (slot.Read().Busy, slot.Read().EgressBytes, slot.Read().Requests));
    }

    [Fact]
    public void An_instance_that_keeps_failing_is_left_out_for_a_while()
    {
        var time = new ManualTime();
        var slot = new Balancing.InstanceSlot("a", time, 1);

        slot.Failed(2, TimeSpan.FromSeconds(10));
        Assert.False(slot.IsEjected(time.GetTimestamp()));
        slot.Failed(2, TimeSpan.FromSeconds(10));
        Assert.True(slot.IsEjected(time.GetTimestamp()));
        time.Advance(TimeSpan.FromSeconds(11));

        Assert.False(slot.IsEjected(time.GetTimestamp()));
    }

    [Fact]
    public void A_circuit_opens_on_failures_probes_once_and_closes_again()
    {
        var time = new ManualTime();
        var circuit = new Policies.CircuitBreaker(Policies.CircuitSettings.Default with { RequestsMin = 10 }, time);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(circuit.TryPass(out _, out _));
            circuit.Finished(failed: i % 2 == 0, wasProbe: false);
        }

        Assert.Equal(Policies.CircuitState.Open, circuit.State);
        Assert.False(circuit.TryPass(out var retryAfter, out _));
        Assert.Equal(TimeSpan.FromSeconds(30), retryAfter);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(circuit.TryPass(out _, out var probe));
        Assert.True(probe);
        Assert.False(circuit.TryPass(out _, out _));
        circuit.Finished(failed: true, wasProbe: true);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(circuit.TryPass(out _, out _));
        circuit.Finished(failed: false, wasProbe: true);

        Assert.Equal(Policies.CircuitState.Closed, circuit.State);
    }

    [Fact]
    public void Old_failures_leave_the_window()
    {
        var time = new ManualTime();
        var circuit = new Policies.CircuitBreaker(Policies.CircuitSettings.Default with { RequestsMin = 10 }, time);
        for (var i = 0; i < 100; i++)
        {
            // One failure a second is less than ten requests in any ten seconds.
            circuit.Finished(failed: true, wasProbe: false);
            time.Advance(TimeSpan.FromSeconds(1.2));
        }

        Assert.Equal(Policies.CircuitState.Closed, circuit.State);
    }

    [Fact]
    public void Buckets_refill_and_their_table_stays_bounded()
    {
        var time = new ManualTime();
        var limiter = new Policies.RateLimiter(perSecond: 2, burst: 4, keysMax: 100, time);

        Assert.Equal(4, Enumerable.Range(0, 10).Count(_ => limiter.Take("a").Allowed));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => limiter.Take("a").Allowed));
        for (var i = 0; i < 1_000; i++)
        {
            limiter.Take($"key {i}");
            Assert.InRange(limiter.Keys, 1, 100);
        }
    }

    [Fact]
    public void Retries_never_exceed_their_share()
    {
        var budget = new Policies.RetryBudget(20, new ManualTime());
        for (var i = 0; i < 100; i++)
        {
            budget.Counted();
        }

        Assert.Equal(20, Enumerable.Range(0, 1_000).Count(_ => budget.TryTake()));
    }

    [Fact]
    public void A_changed_split_moves_only_the_sessions_whose_part_changed_hands()
    {
        var time = new ManualTime();
        using var book = new Admission.TrafficBook(new DirectoryInMemory(), new DirectoryInMemory(), new GatewayLimits(), time, new Dice(1));
        ServiceRoute Split(int first) => new SnapshotBuilder(new GatewaySettings(), book, new Recording.MeterBook(), new Policies.PolicyBook(new GatewayLimits(), time)).Build(new RoutingPicture
        {
            Services =
            [
                new ServicePicture
                {
                    Namespace = "default", Name = "shop",
                    Traffic = [new TrafficTarget { RevisionName = "a", Percent = first }, new TrafficTarget { RevisionName = "b", Percent = 100 - first }],
                },
            ],
        }).Find("shop.localhost"u8)!.Service!;
        var (before, after) = (Split(90), Split(80));

        var moved = Enumerable.Range(0, Choosing.SessionCookie.Points).Count(point =>
            Choosing.SessionCookie.Choose(before, point).Traffic.Key != Choosing.SessionCookie.Choose(after, point).Traffic.Key);

        Assert.Equal(Choosing.SessionCookie.Points / 10, moved);
    }

    [Fact]
    public async Task Every_request_leaves_one_readable_line_in_the_access_log()
    {
        var path = Path.Combine(Path.GetTempPath(), $"slipway-gateway-{Guid.NewGuid():N}", "access.log");
        try
        {
            await using (var world = await GatewayWorld.StartAsync(settings => settings with { AccessLogPath = path }))
            {
                await using var shop = Upstream.Answering("ok");
                await world.ServeAsync("shop", shop);
                await world.GetAsync("shop.localhost", "/a\"b?secret=1", "X-Request-Id: request-1\r\n");
                await world.GetAsync("nobody.localhost");

                // A line is written after its answer was sent; a gateway that is torn down in between has nothing to tell.
                await GatewayWorld.UntilAsync(() => File.Exists(path) && File.ReadAllText(path).Count(character => character == '\n') == 2);
            }

            var lines = (await File.ReadAllLinesAsync(path)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
            Assert.Equal(2, lines.Count);

            // Each is written by whoever served its request, so the second may be there first.
            var refused = Assert.Single(lines, line => line.TryGetProperty("error.type", out _));
            var served = Assert.Single(lines, line => !line.TryGetProperty("error.type", out _));
            Assert.Equal(("/a\"b", 200, "shop", "request-1"), (
                served.GetProperty("url.path").GetString(), served.GetProperty("http.response.status_code").GetInt32(),
                served.GetProperty("service.name").GetString(), served.GetProperty("request_id").GetString()));
            Assert.Equal("unknownHost", refused.GetProperty("error.type").GetString());
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public async Task Routes_and_policies_are_told_what_the_gateway_makes_of_them()
    {
        await using var world = await GatewayWorld.StartAsync();
        world.Route("shop", ("shop-00001", 100, null));
        world.Store.Put(Resource.Of(Kinds.HttpRoute, GatewayWorld.Meta("route"), "spec", new HttpRouteSpec
        {
            ParentRefs = [new ParentReference { Name = "slipway" }],
            Rules = [new HttpRouteRule { BackendRefs = [new HttpBackendReference { Name = "missing" }] }],
        }, KindsJson.Default.HttpRouteSpec));
        foreach (var (name, target) in new[] { ("first", "shop"), ("second", "shop"), ("lost", "nowhere") })
        {
            world.Store.Put(Resource.Of(Kinds.TrafficPolicy, GatewayWorld.Meta(name), "spec",
                new TrafficPolicySpec { TargetRef = new TargetReference { Kind = "Service", Name = target } }, KindsJson.Default.TrafficPolicySpec));
        }

        await GatewayWorld.UntilAsync(() => Reason("first") == "Accepted" && Reason("second") == "Conflicted" && Reason("lost") == "TargetNotFound"
            && Resolved() == "BackendNotFound");
        world.Route("missing", ("missing-00001", 100, null));
        await GatewayWorld.UntilAsync(() => Resolved() == "ResolvedRefs");

        string? Reason(string name) => world.Store.Get(new ResourceKey(Kinds.TrafficPolicy, "default", name))!
            .Read("status", KindsJson.Default.TrafficPolicyStatus)?.Conditions[0].Reason;
        string? Resolved() => world.Store.Get(new ResourceKey(Kinds.HttpRoute, "default", "route"))!
            .Read("status", KindsJson.Default.HttpRouteStatus)?.Parents?.Single(parent => parent.ControllerName == StatusPlanner.ControllerName)
            .Conditions.Single(condition => condition.Type == "ResolvedRefs").Reason;
    }

    [Fact]
    public void Two_hundred_services_are_compiled_and_found()
    {
        using var book = new Admission.TrafficBook(new DirectoryInMemory(), new DirectoryInMemory(), new GatewayLimits(), TimeProvider.System, new Dice(1));
        var builder = new SnapshotBuilder(new GatewaySettings(), book, new Recording.MeterBook(), new Policies.PolicyBook(new GatewayLimits(), TimeProvider.System));
        var picture = new RoutingPicture
        {
            Services = [.. Enumerable.Range(0, 200).Select(i => new ServicePicture
            {
                Namespace = "default", Name = $"s{i}",
                Traffic = [new TrafficTarget { RevisionName = $"s{i}-00001", Percent = 50 }, new TrafficTarget { RevisionName = $"s{i}-00002", Percent = 50, Tag = "next" }],
            })],
        };

        var snapshot = builder.Build(picture);

        Assert.Equal("s199", snapshot.Find("s199.localhost"u8)!.Service!.Name);
        Assert.Equal("s7-00002", snapshot.Find("next-s7.default.localhost:8080"u8)!.Tagged!.Traffic.Key.Name);
    }
}
