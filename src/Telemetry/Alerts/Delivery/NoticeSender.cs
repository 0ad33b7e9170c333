using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Slipway.Model.Monitoring;
using Slipway.Telemetry.Alerts.Routing;

namespace Slipway.Telemetry.Alerts.Delivery;

/// <summary>The value of a Secret's key, or null when there is none.</summary>
internal delegate string? SecretReader(string @namespace, string name, string key);

/// <summary>Tells webhooks, Slack, PagerDuty and mailboxes.</summary>
internal sealed class NoticeSender(HttpClient http, SecretReader secrets, MailPost mail) : INoticeSender
{
    public const string PagerDuty = "https://events.pagerduty.com/v2/enqueue";

    private const int ErrorTextMax = 300;

    public async Task<SendResult> SendAsync(Way way, Notice notice, CancellationToken cancellation)
    {
        try
        {
            return way.Spec switch
            {
                WebhookReceiverSpec webhook => await WebhookAsync(way, webhook, notice, cancellation),
                SlackReceiverSpec slack => await PostAsync(
                    Secret(way, slack.ApiURL, "apiURL"), SlackMessage.Of(slack, notice), null, cancellation),
                PagerDutyReceiverSpec pager => await PostAsync(
                    string.IsNullOrEmpty(pager.Url) ? PagerDuty : pager.Url, PagerDutyMessage.Of(pager, Secret(way, pager.RoutingKey, "routingKey"), notice), null, cancellation),
                EmailReceiverSpec email => await mail.SendAsync(email, email.AuthPassword is null ? null : Secret(way, email.AuthPassword, "authPassword"), notice, cancellation),
                _ => new SendResult($"no way to tell {way.Spec.GetType().Name}"),
            };
        }
        catch (MissingSecretException missing)
        {
            return new SendResult(missing.Message);
        }
        catch (HttpRequestException failure)
        {
            return new SendResult(failure.Message);
        }
        catch (UriFormatException)
        {
            // The address may be a secret and is not repeated.
            return new SendResult("the address is none that can be called");
        }
    }

    private async Task<SendResult> WebhookAsync(Way way, WebhookReceiverSpec spec, Notice notice, CancellationToken cancellation)
    {
        AuthenticationHeaderValue? authorization = null;
        if (spec.HttpConfig?.Authorization is { } asked)
        {
            authorization = new AuthenticationHeaderValue(asked.Type is { Length: > 0 } type ? type : "Bearer", Secret(way, asked.Credentials, "httpConfig.authorization.credentials"));
        }
        else if (spec.HttpConfig?.BasicAuth is { } basic)
        {
            var pair = $"{Secret(way, basic.Username, "httpConfig.basicAuth.username")}:{Secret(way, basic.Password, "httpConfig.basicAuth.password")}";
            authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        return await PostAsync(spec.Url ?? Secret(way, spec.UrlSecret, "urlSecret"), WebhookMessage.Of(notice, spec.MaxAlerts ?? 0), authorization, cancellation);
    }

    private async Task<SendResult> PostAsync(string address, byte[] json, AuthenticationHeaderValue? authorization, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address.Trim(), UriKind.Absolute));
        request.Content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.Authorization = authorization;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return SendResult.Delivered;
        }

        var told = response.Headers.RetryAfter?.Delta;
        return new SendResult($"HTTP {(int)response.StatusCode} {await SaidAsync(response.Content, cancellation)}".Trim(), response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? told : null);
    }

    /// <summary>The beginning of an answer, as one line; whatever is longer nobody reads.</summary>
    private static async Task<string> SaidAsync(HttpContent content, CancellationToken cancellation)
    {
        var beginning = new byte[ErrorTextMax];
        await using var body = await content.ReadAsStreamAsync(cancellation);
        var read = await body.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(beginning, 0, read).ReplaceLineEndings(" ").Trim();
    }

    private string Secret(Way way, SecretValueSpec? reference, string field) =>
        reference is null ? throw new MissingSecretException($"{way.Id} of {way.Receiver} names no Secret for {field}")
        : secrets(way.Namespace, reference.Name, reference.Key)
            ?? throw new MissingSecretException($"Secret \"{way.Namespace}/{reference.Name}\" has no key \"{reference.Key}\", which {field} of {way.Receiver} needs");

    private sealed class MissingSecretException(string message) : Exception(message);
}
