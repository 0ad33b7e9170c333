using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;
using Slipway.Sdk.Sample;
using Slipway.Sdk.Service;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Tests.Telemetry;

public sealed class LogTests
{
    private static readonly ServiceIdentity s_identity = new("sample", "1.2.3", "sample-00001", "host-1");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_request_leaves_one_line_with_the_names_of_the_conventions()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/notes/0198f2c5-0fe1-7c44-b5d2-0c9e8f7a6b51");
        request.Headers.TryAddWithoutValidation("X-Request-Id", "request-4711");
        request.Headers.TryAddWithoutValidation("X-Correlation-Id", "flow-4711");
        request.Headers.TryAddWithoutValidation("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        await Answer.OfAsync(service.Client, request);

        var line = await LineAsync(service, "request-4711");

        Assert.Equal("request", line.GetProperty("message").GetString());
        Assert.Equal("info", line.GetProperty("level").GetString());
        Assert.Equal("http.request", line.GetProperty("event.name").GetString());
        Assert.Equal("sample", line.GetProperty("service.name").GetString());
        Assert.Equal("flow-4711", line.GetProperty("correlation_id").GetString());
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", line.GetProperty("trace_id").GetString());
        Assert.Equal("GET", line.GetProperty("http.request.method").GetString());
        Assert.Equal("/api/v1/notes/{id:guid}", line.GetProperty("http.route").GetString());
        Assert.Equal(200, line.GetProperty("http.response.status_code").GetInt32());
        Assert.True(line.GetProperty("duration_ms").GetDouble() >= 0);
        Assert.EndsWith("Z", line.GetProperty("timestamp").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_do_not_reach_the_log_neither_as_values_nor_in_messages_nor_in_errors()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var content = new StringContent("""{"text":"hello"}""", System.Text.Encoding.UTF8, "application/json");
        using var created = await service.Client.PostAsync("/api/v1/notes", content);
        using var broken = await service.Client.GetAsync("/api/v1/broken");
        await Eventually.TrueAsync(() => service.Log.All.Any(line => line.Contains("InvalidOperationException", StringComparison.Ordinal)), "the failure is logged");

        var note = Parse(service.Log.All.Single(line => line.Contains("Created a note", StringComparison.Ordinal)));
        Assert.Equal("Created a note hello under ***", note.GetProperty("message").GetString());
        Assert.Equal("***", note.GetProperty("password").GetString());
        Assert.Equal("/api/v1/notes", note.GetProperty("http.route").GetString());
        Assert.DoesNotContain(service.Log.All, line => line.Contains("battery", StringComparison.Ordinal) || line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_is_logged_once_and_its_problem_leads_there_and_tells_nothing()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        using var response = await service.Client.GetAsync("/api/v1/broken");
        var answer = await Answer.OfAsync(response);
        var problem = answer.Problem(500, "internal");
        await Eventually.TrueAsync(() => service.Log.All.Any(line => line.Contains("status_code\":500", StringComparison.Ordinal)), "the request is logged");

        var failure = Parse(Assert.Single(service.Log.All, line => line.Contains("error.type", StringComparison.Ordinal)));

        Assert.Equal(problem.GetProperty("traceId").GetString(), failure.GetProperty("trace_id").GetString());
        Assert.Equal("System.InvalidOperationException", failure.GetProperty("error.type").GetString());
        Assert.Equal("/api/v1/broken", failure.GetProperty("http.route").GetString());
        Assert.DoesNotContain("hunter2", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_not_logged()
    {
        await using var service = await RunningService.StartAsync(SampleService.Create, SampleService.Map);
        foreach (var path in (string[])["/live", "/ready", "/health", "/metrics", "/nowhere"])
        {
            using var response = await service.Client.GetAsync(path);
        }

        await Eventually.TrueAsync(() => service.Log.All.Any(line => line.Contains("unmatched", StringComparison.Ordinal)), "the last request is logged");
        Assert.Single(service.Log.All, line => line.Contains("\"message\":\"request\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_break_in_a_value_stays_inside_its_line()
    {
        var line = System.Text.Encoding.UTF8.GetString(LogLine.Write(
            s_identity, DateTimeOffset.UnixEpoch, LogLevel.Warning, default, "one\ntwo\r\n{\"level\":\"info\"}", null, (state, _) => state));

        Assert.Equal(1, line.Count(character => character == '\n'));
        Assert.Equal("one\ntwo\r\n{\"level\":\"info\"}", Parse(line).GetProperty("message").GetString());
    }

    [Fact]
    public async Task What_cannot_be_written_fast_enough_is_dropped_and_counted()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var output = new GatedStream(gate.Task);
        var writer = new LogWriter(() => output, capacity: 10);
        writer.Write("first\n"u8.ToArray());
        await output.Reached.WaitAsync(s_patience);

        for (var line = 0; line < 25; line++)
        {
            writer.Write("line\n"u8.ToArray());
        }

        Assert.Equal(15, writer.Dropped);
        gate.SetResult();
        await writer.DisposeAsync().AsTask().WaitAsync(s_patience);
        Assert.Equal(11, output.Lines);
    }

    private static async Task<JsonElement> LineAsync(RunningService service, string requestId)
    {
        string? found = null;
        await Eventually.TrueAsync(() => (found = service.Log.All.FirstOrDefault(line => line.Contains(requestId, StringComparison.Ordinal))) is not null, "the request is logged");
        return Parse(found!);
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    private sealed class GatedStream(Task gate) : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public int Lines { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _reached.TrySetResult();
            await gate;
            Lines++;
        }
    }
}
