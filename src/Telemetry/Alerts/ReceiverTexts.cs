using Slipway.Model.Monitoring;
using Slipway.Telemetry.Alerts.Rules;
using Slipway.Telemetry.Alerts.Templates;

namespace Slipway.Telemetry.Alerts;

/// <summary>The templates and Secrets that receivers name, each with the place where it stands.</summary>
internal static class ReceiverTexts
{
    public static void Check(AlertmanagerConfigSpec spec, List<RuleMistake> mistakes)
    {
        foreach (var (path, text) in Texts(spec))
        {
            try
            {
                Template.Parse(text);
            }
            catch (TemplateException wrong)
            {
                mistakes.Add(new RuleMistake(path, wrong.Message));
            }
        }
    }

    public static IEnumerable<(string Name, string Key)> Secrets(AlertmanagerConfigSpec spec)
    {
        var references = (spec.Receivers ?? []).SelectMany(receiver => new IEnumerable<SecretValueSpec?>[]
        {
            (receiver.WebhookConfigs ?? []).SelectMany(webhook => new[]
            {
                webhook.UrlSecret, webhook.HttpConfig?.Authorization?.Credentials, webhook.HttpConfig?.BasicAuth?.Username, webhook.HttpConfig?.BasicAuth?.Password,
            }),
            (receiver.SlackConfigs ?? []).Select(slack => slack.ApiURL),
            (receiver.PagerdutyConfigs ?? []).Select(pager => pager.RoutingKey),
            (receiver.EmailConfigs ?? []).Select(email => email.AuthPassword),
        }.SelectMany(one => one));
        return references.OfType<SecretValueSpec>().Select(reference => (reference.Name, reference.Key));
    }

    private static IEnumerable<(string Path, string Text)> Texts(AlertmanagerConfigSpec spec)
    {
        for (var index = 0; index < (spec.Receivers?.Count ?? 0); index++)
        {
            var (receiver, path) = (spec.Receivers![index], $"spec.receivers[{index}]");
            var texts = new List<(string, string?)>();
            foreach (var (slack, place) in Placed(receiver.SlackConfigs))
            {
                var at = $"{path}.slackConfigs[{place}]";
                texts.AddRange([
                    ($"{at}.color", slack.Color), ($"{at}.title", slack.Title), ($"{at}.titleLink", slack.TitleLink),
                    ($"{at}.pretext", slack.Pretext), ($"{at}.text", slack.Text), ($"{at}.fallback", slack.Fallback)]);
            }

            foreach (var (pager, place) in Placed(receiver.PagerdutyConfigs))
            {
                var at = $"{path}.pagerdutyConfigs[{place}]";
                texts.AddRange([
                    ($"{at}.client", pager.Client), ($"{at}.clientURL", pager.ClientURL), ($"{at}.description", pager.Description),
                    ($"{at}.severity", pager.Severity), ($"{at}.class", pager.Class), ($"{at}.component", pager.Component), ($"{at}.group", pager.Group)]);
                texts.AddRange(Placed(pager.Details).Select(detail => ($"{at}.details[{detail.Place}].value", (string?)detail.Item.Value)));
            }

            foreach (var (email, place) in Placed(receiver.EmailConfigs))
            {
                var at = $"{path}.emailConfigs[{place}]";
                texts.AddRange([($"{at}.text", email.Text), ($"{at}.html", email.Html)]);
                texts.AddRange(Placed(email.Headers).Select(header => ($"{at}.headers[{header.Place}].value", (string?)header.Item.Value)));
            }

            foreach (var (place, text) in texts.Where(one => !string.IsNullOrEmpty(one.Item2)))
            {
                yield return (place, text!);
            }
        }
    }

    private static IEnumerable<(T Item, int Place)> Placed<T>(List<T>? items) => (items ?? []).Select((item, index) => (item, index));
}
