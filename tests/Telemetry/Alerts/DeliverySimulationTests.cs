using Slipway.Model.Resources;
using Slipway.Telemetry.Alerts.Delivery;

namespace Slipway.Telemetry.Tests.Alerts;

/// <summary>
/// Hours of alerts that come and go, receivers that refuse, and restarts at any moment, on a clock turned by hand. Safety: nobody hears
/// of an alert that never fired. Liveness: every alert that fired for as long as a group gathers was told at least once, and its end
/// to whoever heard of its beginning.
/// </summary>
public sealed class DeliverySimulationTests
{
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(15);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_alert_that_fires_is_told_at_least_once_whatever_fails(int seed)
    {
        var chance = new Random(seed);
        using var scene = new AlertScene();
        await scene.RouteAsync();
        string[] services = ["cart", "orders", "shop"];
        await scene.RuleAsync("""{"alert":"Down","expr":"down","for":"30s","annotations":{"summary":"{{ $labels.service }}"}}""");
        var down = new HashSet<string>();
        var since = new Dictionary<string, DateTimeOffset>();
        var owed = new List<(string Service, DateTimeOffset From)>();
        var everDown = new HashSet<string>();
        scene.Metrics.Answer("down", _ => new Queries.VectorResult([.. down.Select(service =>
            new Queries.VectorElement(Labels.LabelSet.Of(("service", service)), new Slipway.Telemetry.Metrics.Sample(0, 1)))]));

        // Each fault is on or off for a whole run: runs in which one of them is off find what noise hides.
        var (refuses, restarts) = (chance.Next(4) > 0, chance.Next(4) > 0);
        var quiet = false;
        scene.Ear.Mood = (_, _) => refuses && !quiet && chance.Next(10) < 6 ? new SendResult("no") : null;
        for (var step = 0; step < 180; step++)
        {
            if (chance.Next(20) == 0)
            {
                var service = services[chance.Next(services.Length)];
                if (!down.Remove(service))
                {
                    down.Add(service);
                    everDown.Add(service);
                    since[service] = scene.Time.GetUtcNow();
                }
                else if (scene.Time.GetUtcNow() - since[service] > TimeSpan.FromMinutes(3))
                {
                    // Longer than it waits, than a group gathers, than the pause between two messages, and than a start takes.
                    owed.Add((service, since[service]));
                }
            }

            if (restarts && chance.Next(25) == 0)
            {
                await scene.RestartAsync();
            }

            // What is done in one step ends at any point: a killed process does not choose.
            scene.Time.Advance(s_step);
            var last = restarts ? chance.Next(6) : 5;
            scene.Engine.EvaluateDue(AlertScene.Cancellation);
            if (last > 1)
            {
                scene.Engine.Dispatch();
            }

            if (last > 2)
            {
                await scene.Engine.DeliverDueAsync(AlertScene.Cancellation);
            }

            Assert.All(scene.Ear.Heard.SelectMany(notice => notice.Firing), alert => Assert.Contains(alert.Labels["service"], everDown));
        }

        quiet = true;
        down.Clear();
        await scene.PassAsync(TimeSpan.FromMinutes(20), s_step);

        foreach (var (service, from) in owed)
        {
            Assert.True(
                scene.Ear.Heard.SelectMany(notice => notice.Firing).Any(alert => alert.Labels["service"] == service && alert.StartsAt >= from),
                $"seed {seed}: nobody heard that {service} was down from {from:HH:mm:ss}");
        }

        foreach (var group in scene.Ear.Heard.GroupBy(notice => notice.GroupKey))
        {
            Assert.Equal("resolved", group.Last().Status);
        }

        Assert.Equal((0, 0L, 0L), (scene.Engine.NoticesWaiting, scene.Engine.NoticesDropped, scene.Engine.NoticesGivenUp));
    }

    [Fact]
    public async Task A_receiver_that_is_away_for_hours_hears_of_it_when_it_is_back_and_in_order()
    {
        using var scene = new AlertScene();
        await scene.RouteAsync();
        await scene.RuleAsync("""{"alert":"Down","expr":"down"}""");
        var away = true;
        scene.Ear.Mood = (_, _) => away ? new SendResult("HTTP 503", TimeSpan.FromSeconds(30)) : null;
        scene.Metrics.Answer("down", 1, ("service", "cart"));
        await scene.PassAsync(TimeSpan.FromHours(2), TimeSpan.FromSeconds(30));
        scene.Metrics.Answer("down");
        await scene.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromSeconds(30));
        Assert.True(scene.Ear.Refused is > 20 and < 80, $"{scene.Ear.Refused} attempts");

        away = false;
        await scene.PassAsync(TimeSpan.FromMinutes(12), TimeSpan.FromSeconds(30));

        Assert.Equal("firing", scene.Ear.Heard[0].Status);
        Assert.Equal("resolved", scene.Ear.Heard[^1].Status);
        Assert.Equal(scene.Ear.Heard.Select(notice => notice.Id).Order(StringComparer.Ordinal), scene.Ear.Heard.Select(notice => notice.Id));
        Assert.Equal(0, scene.Engine.NoticesWaiting);
    }

    [Fact]
    public void When_too_many_wait_the_oldest_end_gives_way_first_and_is_counted()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"slipway-queue-{Guid.NewGuid():n}");
        try
        {
            var queue = new NoticeQueue(folder, 3, TimeSpan.FromHours(24), () => 0);
            var noon = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
            foreach (var (name, firing) in new[] { ("a", true), ("b", false), ("c", false), ("d", true), ("e", true), ("f", true) })
            {
                Assert.Null(queue.Add(new Notice { Receiver = "r", Way = "w", GroupKey = name, CreatedAt = noon, Firing = firing ? [new()] : [], Resolved = firing ? [] : [new()] }, noon));
            }

            Assert.Equal(3, queue.Dropped);
            var kept = new NoticeQueue(folder, 3, TimeSpan.FromHours(24), () => 0).Take(10, noon);
            Assert.Equal(["d", "e", "f"], kept.Select(notice => notice.GroupKey));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Waiting_doubles_up_to_five_minutes_and_obeys_who_asks_for_more()
    {
        Assert.Equal([2.5, 5, 10, 20, 40, 80, 150, 150], Enumerable.Range(1, 8).Select(attempt => Backoff.After(attempt, 0, null).TotalSeconds));
        Assert.Equal(5, Backoff.After(1, 1, null).TotalSeconds);
        Assert.Equal(120, Backoff.After(1, 0, TimeSpan.FromMinutes(2)).TotalSeconds);
        Assert.Equal(TimeSpan.FromHours(1), Backoff.After(1, 0, TimeSpan.FromDays(2)));
    }

    [Fact]
    public async Task A_file_that_was_damaged_is_set_aside_and_the_rest_works()
    {
        using var scene = new AlertScene();
        foreach (var name in new[] { "rules.json", "groups.json", "silences.json", "posted.json", "queue/000-1.json" })
        {
            await File.WriteAllTextAsync(Path.Combine(scene.Folder, name), "{ torn", AlertScene.Cancellation);
        }

        await scene.RestartAsync();
        await scene.RouteAsync();
        await scene.RuleAsync("""{"alert":"Down","expr":"down"}""");
        scene.Metrics.Answer("down", 1);
        await scene.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["ear firing Down"], scene.Ear.Words);
        Assert.True(File.Exists(Path.Combine(scene.Folder, "silences.json.damaged")));
    }
}
