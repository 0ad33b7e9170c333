using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Todo.Insights.Wire;
using Todo.Language;

namespace Todo.Insights.Providers;

/// <summary>
/// Asks the configured provider, for a bounded time and a bounded answer. After a few failures in a row it is left alone for
/// half a minute, so that its trouble does not make every analysis slow.
/// </summary>
internal sealed partial class ProviderCall : IDisposable
{
    private const int BytesMax = 1_048_576;
    private const string Embedded = "embedded";

    private readonly InsightsSettings _settings;
    private readonly ILogger<ProviderCall> _log;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _pipeline;

    public ProviderCall(InsightsSettings settings, TimeProvider time, ILogger<ProviderCall> log)
    {
        (_settings, _log) = (settings, log);
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = settings.TimeLimit, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = settings.Address,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = BytesMax,
        };
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1,
            MinimumThroughput = 3,
            SamplingDuration = TimeSpan.FromMinutes(1),
            BreakDuration = TimeSpan.FromSeconds(30),
            ShouldHandle = static call => ValueTask.FromResult(IsFailure(call.Outcome.Exception)),
        });
        builder.AddTimeout(new TimeoutStrategyOptions { Timeout = settings.TimeLimit });
        _pipeline = builder.Build();
    }

    public async Task<ProviderAnswer> AskAsync(AnalysisInput input, Analysis found, CancellationToken cancellation)
    {
        if (_settings.Provider == ProviderKind.Embedded || input.Todos.Count == 0)
        {
            return new(Embedded, null, null);
        }

        var name = _settings.Provider == ProviderKind.OpenAi ? "openai" : "google";
        try
        {
            var findings = await _pipeline.ExecuteAsync(
                async token => _settings.Provider == ProviderKind.OpenAi
                    ? OpenAiExchange.Read(await SendAsync(OpenAiExchange.Request(input, found, _settings), token), input)
                    : GoogleExchange.Read(await SendAsync(GoogleExchange.Request(input, found, _settings), token), input),
                cancellation);
            return new(name, findings, null);
        }
        catch (Exception exception) when (IsFailure(exception) || exception is BrokenCircuitException)
        {
            var why = Why(exception);
            Failed(_log, name, why, exception);
            return new(Embedded, null, new("providerUnavailable", $"The provider {name} could not be used: {why}. These findings are the embedded analyser's."));
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ReadOnlyMemory<byte>> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
            return response.IsSuccessStatusCode
                ? await response.Content.ReadAsByteArrayAsync(cancellation)
                : throw new ProviderMistakeException($"it answered with status {(int)response.StatusCode}");
        }
    }

    private static bool IsFailure(Exception? exception) =>
        exception is HttpRequestException or TimeoutRejectedException or JsonException or ProviderMistakeException or IOException;

    private string Why(Exception exception) => exception switch
    {
        TimeoutRejectedException => $"it did not answer within {_settings.TimeLimit.TotalSeconds:0.##} s",
        BrokenCircuitException => "it failed several times and is left alone for a while",
        JsonException => "its answer is not the JSON it should be",
        ProviderMistakeException => exception.Message,
        _ => "the connection failed or its answer was too large",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider {Provider} could not be used: {Reason}")]
    private static partial void Failed(ILogger logger, string provider, string reason, Exception exception);
}
