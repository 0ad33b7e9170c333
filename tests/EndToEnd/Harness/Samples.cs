namespace Slipway.EndToEnd.Tests.Harness;

/// <summary>Programs to deploy, published once per checkout and deployed as folders, so that a scene does not wait for a build.</summary>
internal static class Samples
{
    private static readonly Lazy<Task<string>> s_hello = new(() => PublishAsync("samples/hello", "hello"));
    private static readonly Lazy<Task<string>> s_misbehaver = new(() => PublishAsync("tests/Samples/Misbehaver", "misbehaver"));

    public static Task<string> HelloAsync() => s_hello.Value;

    public static Task<string> MisbehaverAsync() => s_misbehaver.Value;

    /// <summary>Deploys the hello sample under a name of the scene's own; more arguments are passed on.</summary>
    public static async Task<CommandResult> DeployHelloAsync(this Cloud cloud, string service, params string[] more) =>
        await cloud.SlipwayAsync(["deploy", service, "--folder", await HelloAsync(), "--command", "./Hello", .. more]);

    public static async Task<CommandResult> DeployMisbehaverAsync(this Cloud cloud, string service, params string[] more) =>
        await cloud.SlipwayAsync(["deploy", service, "--folder", await MisbehaverAsync(), "--command", "./misbehaver", .. more]);

    private static async Task<string> PublishAsync(string project, string name)
    {
        var output = Path.Combine(Checkout.Root, "artifacts", "samples", name);
        (await Command.RunAsync("dotnet", ["publish", project, "--nologo", "-v", "quiet", "-o", output])).Succeeded();
        return output;
    }
}
