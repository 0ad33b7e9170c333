using System.Net;
using Slipway.Gateway.Policies;
using Slipway.Gateway.Refusals;
using Slipway.Gateway.Routing;
using Slipway.Model.Gateway;

namespace Slipway.Gateway.Choosing;

/// <summary>Route, policy, choice: the same for every protocol.</summary>
internal sealed class Decider(GatewaySettings settings, Dice dice)
{
    /// <summary>Whether a service needs nothing of this: no rules, no policy, no session. Such requests take a shorter way.</summary>
    public bool IsPlain(HostEntry entry) =>
        entry.Rules is null && entry.Service is { Policy: null, Invokers: null, Affinity: false } && (!settings.TagHeader || entry.Service.Tags.Count == 0);

    public async ValueTask<Decision> DecideAsync(HostEntry entry, IRequestView request)
    {
        var decision = new Decision();
        if (entry.Rules?.Find(request) is { } match)
        {
            await FollowRuleAsync(match, request, decision).ConfigureAwait(false);
        }
        else if (entry.Service is not null)
        {
            decision.Service = entry.Service;
        }
        else
        {
            decision.Refusal = entry.Rules is null ? KnownRefusals.UnknownHost : KnownRefusals.NoRoute;
        }

        if (decision.Refusal is null && decision.Direct is null)
        {
            await ChooseAsync(entry, request, decision).ConfigureAwait(false);
        }

        return decision;
    }

    public RevisionShare? Choose(ServiceRoute service) => service.Shares.Length switch
    {
        0 => null,
        1 => service.Shares[0],
        _ => service.At(dice.Next(service.PercentTotal)),
    };

    private async ValueTask FollowRuleAsync(CompiledMatch match, IRequestView request, Decision decision)
    {
        var rule = match.Rule;
        if (PathSafety.IsAmbiguous(request.Path))
        {
            decision.Refusal = PolicyGate.Ambiguous;
            return;
        }

        if (rule.Policy is { } policy)
        {
            await PolicyGate.CheckAsync(policy, request, decision).ConfigureAwait(false);
            if (decision.Refusal is not null || decision.Direct is not null)
            {
                return;
            }
        }

        if (rule.Redirect is { } redirect)
        {
            decision.Direct = Addresses.Redirect(redirect, match, request, settings.Ingress);
            return;
        }

        if (rule.Backends.Length == 0 || rule.WeightTotal == 0 || rule.At(dice.Next(rule.WeightTotal))?.Service is not { } service)
        {
            decision.Refusal = KnownRefusals.InvalidBackend;
            return;
        }

        decision.Service = service;
        decision.RequestTimeout = rule.RequestTimeout ?? decision.RequestTimeout;
        decision.Retry = rule.Retry ?? decision.Retry;
        Change(rule, match, request, decision);
    }

    private static void Change(RouteRule rule, CompiledMatch match, IRequestView request, Decision decision)
    {
        if (!rule.RequestHeaders.IsNone)
        {
            var rewrite = decision.Rewriting();
            rewrite.Removed = [.. rule.RequestHeaders.Removed];
            rewrite.AddedFields += rule.RequestHeaders.Added;
        }

        if (rule.Rewrite is { } address)
        {
            var rewrite = decision.Rewriting();
            rewrite.Host = address.Hostname;
            rewrite.PathAndQuery = address.Path is { } path ? Addresses.NewPath(path, match, request.Path) + request.Query : null;
        }

        if (!rule.ResponseHeaders.IsNone)
        {
            decision.RemoveFromAnswer(rule.ResponseHeaders.Removed);
            decision.AnswerFields += rule.ResponseHeaders.Added.Length > 0 ? "\r\n" + rule.ResponseHeaders.Added[..^2] : "";
        }
    }

    private async ValueTask ChooseAsync(HostEntry entry, IRequestView request, Decision decision)
    {
        var service = decision.Service!;
        if (service.Stopped)
        {
            decision.Refusal = KnownRefusals.ServiceStopped;
            return;
        }

        if (service.Invokers is { } invokers && await invokers.CheckAsync(request).ConfigureAwait(false) is { } refusal)
        {
            decision.Refusal = refusal;
            return;
        }

        if (service.Policy is { } policy)
        {
            await PolicyGate.CheckAsync(policy, request, decision).ConfigureAwait(false);
            if (decision.Refusal is not null || decision.Direct is not null)
            {
                return;
            }
        }

        decision.Share = entry.Tagged ?? ByHeader(service, request) ?? BySession(service, request, decision) ?? Choose(service);
        if (decision.Share is null)
        {
            Abandon(decision);
            decision.Refusal = KnownRefusals.ServiceNotReady;
        }
    }

    /// <summary>A probe that is not sent must not keep the circuit waiting for its result.</summary>
    public static void Abandon(Decision decision)
    {
        if (decision is { Breaker: { } breaker, IsProbe: true })
        {
            breaker.ProbeLost();
            decision.Breaker = null;
        }
    }

    private RevisionShare? ByHeader(ServiceRoute service, IRequestView request) =>
        settings.TagHeader && service.Tags.Count > 0 && request.Header("Knative-Serving-Tag") is { } tag && service.Tags.TryGetValue(tag, out var share)
            ? share
            : null;

    private RevisionShare? BySession(ServiceRoute service, IRequestView request, Decision decision)
    {
        if (!service.Affinity || service.Shares.Length == 0)
        {
            return null;
        }

        var session = SessionCookie.Read(request.Header("Cookie"));
        var point = session?.Point ?? dice.Next(SessionCookie.Points);
        var share = SessionCookie.Choose(service, point);
        if (share.Affinity)
        {
            decision.SessionPoint = point;
            decision.Affinity = session?.Instance ?? 0;
        }

        return share;
    }
}
