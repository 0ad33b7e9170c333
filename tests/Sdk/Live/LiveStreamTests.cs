using Slipway.Sdk.Hosting;
using Slipway.Sdk.Live;
using Slipway.Sdk.Sample;

namespace Slipway.Sdk.Tests.Live;

public sealed class LiveStreamTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Events_arrive_with_their_ids_and_a_drain_ends_the_stream_cleanly()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var response = await service.Client.GetAsync("/api/v1/numbers/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var lines = new List<string>();
        while (lines.LastOrDefault() != "data: {\"value\":3}")
        {
            lines.Add(await reader.ReadLineAsync().WaitAsync(s_patience) ?? throw new InvalidOperationException("The stream ended early."));
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["retry: 2000", "", "id: 1", "event: number", "data: {\"value\":1}", ""], lines.Take(6));

        await service.DrainAsync().WaitAsync(s_patience);

        Assert.Equal("", (await reader.ReadToEndAsync().WaitAsync(s_patience)).Trim());
    }

    [Fact]
    public async Task A_silent_stream_says_every_fifteen_seconds_that_it_is_alive()
    {
        var time = new SteppedTime();
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map, time: time);
        using var response = await service.Client.GetAsync("/api/v1/numbers/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? line = "";
        while (line != "data: {\"value\":3}")
        {
            line = await reader.ReadLineAsync().WaitAsync(s_patience);
            Assert.NotNull(line);
        }

        for (var beat = 0; beat < 3; beat++)
        {
            await Eventually.TrueAsync(() => time.Awaits(TimeSpan.FromSeconds(15)), "the stream waits for its next beat");
            time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal("", await reader.ReadLineAsync().WaitAsync(s_patience));
            Assert.Equal(": alive", await reader.ReadLineAsync().WaitAsync(s_patience));
        }
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_left_off_and_a_finished_stream_ends()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/numbers/events?last=4");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", "3");

        using var response = await service.Client.SendAsync(request);

        Assert.Equal("retry: 2000\n\nid: 4\nevent: number\ndata: {\"value\":4}\n\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_reader_who_leaves_frees_the_service()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        var drain = (Slipway.Sdk.Service.Drain)service.Services.GetService(typeof(Slipway.Sdk.Service.Drain))!;
        using (var response = await service.Client.GetAsync("/api/v1/numbers/events", HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(1, drain.Running);
        }

        await Eventually.TrueAsync(() => drain.Running == 0, "the stream of a reader who left ends");
    }

    [Fact]
    public void A_value_cannot_smuggle_in_a_field_of_its_own()
    {
        Assert.Throws<ArgumentException>(() => LiveStream.Format(new LiveEvent("1\nevent: x", "number", "{}")));
        Assert.Throws<ArgumentException>(() => LiveStream.Format(new LiveEvent("1", "a\rb", "{}")));
        Assert.Equal("id: 1\nevent: a\ndata: {\ndata: }\n\n", System.Text.Encoding.UTF8.GetString(LiveStream.Format(new LiveEvent("1", "a", "{\n}"))));
    }
}
