using System.Globalization;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Api.Platform.Services;
using Slipway.Model.Values;

namespace Slipway.Api.Platform.Deployments;

/// <summary>
/// What a client fills in to deploy an application or to change one: the few settings most people need, by names that
/// say their unit. Everything else is the manifest's business. Null: not given.
/// </summary>
internal sealed record DeploymentForm
{
    private const int InstancesLimit = 1000;

    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? Image { get; init; }

    /// <summary>Processors, for example 0.5.</summary>
    public decimal? Cpu { get; init; }

    public int? MemoryMb { get; init; }

    public int? MinInstances { get; init; }

    public int? MaxInstances { get; init; }

    /// <summary>Requests one instance may hold at once; 0 is unlimited.</summary>
    public int? Concurrency { get; init; }

    public IReadOnlyDictionary<string, string>? Env { get; init; }

    public int? Port { get; init; }

    /// <summary>Asked to find out whether an instance is ready.</summary>
    public string? HealthPath { get; init; }

    public static DeploymentForm Create(BodyReader body) => Settings(body, imageRequired: true) with
    {
        Name = Label(body, "name", required: true),
        Namespace = Label(body, "namespace", required: false),
    };

    /// <summary>Reads a request that changes a deployment: where it is, and what becomes of it.</summary>
    /// <param name="imageRequired">A replacement says everything; a change only what is different.</param>
    public static async Task<(string Namespace, DeploymentForm Form, Problem? Problem)> ReadAsync(PlatformRequest request, bool imageRequired)
    {
        var query = new QueryReader(request.Http.Request);
        var @namespace = query.Namespace() ?? GetService.NamespaceDefault;
        var (body, unreadable) = await BodyReader.OpenAsync(request);
        if ((query.Finish() ?? unreadable) is { } wrong)
        {
            return (@namespace, new DeploymentForm(), wrong);
        }

        var form = Settings(body!, imageRequired);
        return (@namespace, form, body!.Finish());
    }

    /// <param name="imageRequired">A replacement says everything; a change only what is different.</param>
    private static DeploymentForm Settings(BodyReader body, bool imageRequired)
    {
        var form = new DeploymentForm
        {
            Image = body.Text("image", imageRequired),
            Cpu = body.Number("cpu", 0.01m, 1024m),
            MemoryMb = body.Whole("memoryMb", 1, 16 * 1024 * 1024),
            MinInstances = body.Whole("minInstances", 0, InstancesLimit),
            MaxInstances = body.Whole("maxInstances", 0, InstancesLimit),
            Concurrency = body.Whole("concurrency", 0, 1000),
            Env = body.Texts("env"),
            Port = body.Whole("port", 1, 65535),
            HealthPath = body.Text("healthPath"),
        };
        if (form is { MinInstances: { } least, MaxInstances: { } most and > 0 } && least > most)
        {
            body.Wrong("minInstances", "aboveMaximum", string.Create(CultureInfo.InvariantCulture, $"{least} instances cannot be kept when at most {most} are allowed."));
        }

        if (form.HealthPath is { } path && path[..1] != "/")
        {
            body.Wrong("healthPath", "notAPath", "Expected a path that begins with a slash.");
        }

        return form;
    }

    private static string? Label(BodyReader body, string field, bool required)
    {
        var text = body.Text(field, required, Names.LabelLengthMax);
        if (text is { Length: > 0 } && !Names.IsDns1123Label(text))
        {
            body.Wrong(field, "invalidName", "Expected lower-case letters, digits and dashes, beginning and ending with a letter or digit.");
        }

        return text;
    }
}
