using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Outbound;

/// <summary>One call to another service: limit of calls at once → time limit → retries → breaker → wire.</summary>
internal sealed partial class CallHandler : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> s_request = new("request");
    private static readonly TimeSpan s_retryAfterMax = TimeSpan.FromSeconds(2);

    private readonly string _service;
    private readonly CallOptions _options;
    private readonly string _host;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private int _running;

    public CallHandler(string service, CallOptions options, string host, CircuitBreakerStateProvider state, TimeProvider time, ILogger logger)
    {
        (_service, _options, _host, _logger) = (service, options, host, logger);
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        pipeline.AddTimeout(new TimeoutStrategyOptions { Timeout = options.Timeout });
        if (options.Retries > 0)
        {
            pipeline.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Retries,
                Delay = options.RetryBase,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = retry => ValueTask.FromResult(
                    IsFailure(retry.Outcome) && retry.Context.Properties.TryGetValue(s_request, out var request) && MayBeSentTwice(request)),
                DelayGenerator = static retry => ValueTask.FromResult(RetryAfter(retry.Outcome.Result)),
                OnRetry = static retry =>
                {
                    retry.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            });
        }

        pipeline.AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = options.BreakerErrorPercent / 100.0,
            SamplingDuration = options.BreakerWindow,
            MinimumThroughput = Math.Max(2, options.BreakerCallsMin),
            BreakDuration = options.BreakerReset,
            ShouldHandle = static call => ValueTask.FromResult(IsFailure(call.Outcome)),
            StateProvider = state,
            OnOpened = opened =>
            {
                LogOpened(_logger, _service, opened.BreakDuration.TotalSeconds);
                return ValueTask.CompletedTask;
            },
        });
        _pipeline = pipeline.Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Introduce(request);
        if (Interlocked.Increment(ref _running) > _options.ConcurrencyMax)
        {
            Interlocked.Decrement(ref _running);
            throw Failed(503, "dependencyBusy", $"{_options.ConcurrencyMax} calls to {_service} are on their way already.", TimeSpan.FromSeconds(1));
        }

        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(s_request, request);
        try
        {
            return await _pipeline.ExecuteAsync(static (context, call) => call.AttemptAsync(context.CancellationToken), context, new Call(this, request));
        }
        catch (BrokenCircuitException broken)
        {
            throw Failed(503, "dependencyUnavailable", $"{_service} failed too often and is not called until it has had a pause.", broken.RetryAfter ?? _options.BreakerReset);
        }
        catch (TimeoutRejectedException)
        {
            throw Failed(504, "dependencyTimeout", $"{_service} did not answer within {_options.Timeout.TotalSeconds:0.###} s.", TimeSpan.FromSeconds(1));
        }
        catch (HttpRequestException exception)
        {
            LogFailed(_logger, _service, exception);
            throw Failed(503, "dependencyUnavailable", $"{_service} cannot be reached.", TimeSpan.FromSeconds(1));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var response = await base.SendAsync(request, cancellation);
        if (!_options.Streamed)
        {
            try
            {
                // Read here, so that the time limit and the retries cover the body as well.
                await response.Content.LoadIntoBufferAsync(_options.BytesMax, cancellation);
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }

        return response;
    }

    /// <summary>A call with all its attempts, each of which is a span of its own.</summary>
    private sealed class Call(CallHandler handler, HttpRequestMessage request)
    {
        // Whoever wrote the header by hand has a trace of his own in mind.
        private readonly bool _introduces = !request.Headers.Contains("traceparent");
        private int _attempts;

        public async ValueTask<HttpResponseMessage> AttemptAsync(CancellationToken cancellation)
        {
            using var span = CallSpans.Begin(request, handler._service, ++_attempts);
            if (_introduces)
            {
                CallSpans.Introduce(request);
            }

            try
            {
                var response = await handler.AttemptAsync(request, cancellation);
                CallSpans.Answered(span, response);
                return response;
            }
            catch (Exception exception)
            {
                CallSpans.Failed(span, exception);
                throw;
            }
        }
    }

    private void Introduce(HttpRequestMessage request)
    {
        var headers = request.Headers;
        headers.Host ??= _host;
        Say(headers, "X-Request-Id", CurrentRequest.Id);
        Say(headers, "X-Correlation-Id", CurrentRequest.CorrelationId);
        Say(headers, "X-Request-Timeout-Ms", ((long)_options.Timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
    }

    private static void Say(System.Net.Http.Headers.HttpRequestHeaders headers, string name, string? value)
    {
        if (value is not null && !headers.Contains(name))
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private static bool IsFailure(Polly.Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => true,
        _ => false,
    };

    /// <summary>The effect must be the same when it arrives twice, and the body must still be there.</summary>
    private static bool MayBeSentTwice(HttpRequestMessage request) =>
        (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options || request.Method == HttpMethod.Put
            || request.Method == HttpMethod.Delete || request.Headers.Contains("Idempotency-Key"))
        && request.Content is null or ByteArrayContent or ReadOnlyMemoryContent;

    /// <summary>What the service asks for, unless that is longer than anybody here waits; null is the usual pause.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage? response) =>
        response?.Headers.RetryAfter?.Delta is { } wait && wait <= s_retryAfterMax ? wait : null;

    private ProblemException Failed(int status, string code, string detail, TimeSpan retryAfter) => new(new Problem(status, code, "Another service is needed for this", detail)
    {
        RetryAfter = retryAfter,
        Args = new JsonObject { ["service"] = _service },
    });

    [LoggerMessage(EventId = 8301, Level = LogLevel.Warning, Message = "Calls to {Service} fail; they are refused for {Seconds} s")]
    private static partial void LogOpened(ILogger logger, string service, double seconds);

    [LoggerMessage(EventId = 8302, Level = LogLevel.Warning, Message = "A call to {Service} failed")]
    private static partial void LogFailed(ILogger logger, string service, Exception exception);
}
