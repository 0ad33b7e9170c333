using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Events;
using Slipway.Control.Tests.World;
using Slipway.Model;
using Slipway.Model.Core;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Control.Tests.Events;

public sealed class EventRecorderTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ResourceStore _store;
    private readonly EventRecorder _events;

    public EventRecorderTests()
    {
        _store = ResourceStore.InMemory(_time);
        _events = new EventRecorder(_store, _time, NullLogger<EventRecorder>.Instance);
    }

    [Fact]
    public async Task The_same_news_is_one_event_with_a_growing_count()
    {
        var service = await Service("web");
        for (var times = 0; times < 3; times++)
        {
            _events.Normal(service, "Created", "Created Route \"web\"");
            await _events.DrainAsync(default);
            _time.Advance(TimeSpan.FromSeconds(20));
        }

        // A restart goes on counting.
        var next = new EventRecorder(_store, _time, NullLogger<EventRecorder>.Instance);
        next.Normal(service, "Created", "Created Route \"web\"");
        await next.DrainAsync(default);

        var body = Bodies().Single();
        Assert.Equal((4, "Created", "Normal", "web", service.Uid), (body.Count, body.Reason, body.Type, body.InvolvedObject.Name, body.InvolvedObject.Uid));
        Assert.Equal(TimeSpan.FromMinutes(1), body.LastTimestamp - body.FirstTimestamp);
    }

    [Fact]
    public async Task An_object_that_talks_too_much_is_cut_short_and_heard_again_later()
    {
        var service = await Service("web");
        var other = await Service("calm");
        for (var number = 0; number < 100; number++)
        {
            _events.Warning(service, "Trouble", $"number {number}");
        }

        _events.Warning(other, "Trouble", "only once");
        await _events.DrainAsync(default);
        Assert.Equal(26, Bodies().Count);
        _time.Advance(TimeSpan.FromSeconds(10));
        _events.Warning(service, "Trouble", "number 100");
        await _events.DrainAsync(default);
        Assert.Equal(27, Bodies().Count);
    }

    [Fact]
    public async Task Events_nobody_repeats_go_after_an_hour()
    {
        var service = await Service("web");
        _events.Normal(service, "Old", "old");
        _events.Normal(service, "Repeated", "repeated");
        await _events.DrainAsync(default);
        _time.Advance(TimeSpan.FromMinutes(45));
        _events.Normal(service, "Repeated", "repeated");
        await _events.DrainAsync(default);
        _time.Advance(TimeSpan.FromMinutes(30));
        await _events.SweepAsync(default);

        Assert.Equal(["Repeated"], Bodies().Select(body => body.Reason));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private List<EventBody> Bodies() =>
        [.. _store.List(Kinds.Event).Items.Select(item => JsonSerializer.Deserialize(item.Body.Span, KindsJson.Default.EventBody)!)];

    private async Task<Resource> Service(string name) => (await _store.CreateAsync(
        new Resource(Kinds.Service, new ObjectMeta { Name = name, Namespace = "demo" }, "{}"u8.ToArray()), WriteOptions.Default, default)).Value;
}
