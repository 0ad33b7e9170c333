using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Misbehaver;

// What it does is said by MISBEHAVE; see the README beside this file.
var mode = Environment.GetEnvironmentVariable("MISBEHAVE") ?? "";
var after = TimeSpan.FromSeconds(Number("MISBEHAVE_AFTER", 0));
var code = (int)Number("MISBEHAVE_CODE", 1);
var port = (int)Number("PORT", 8080);
var time = TimeProvider.System;
var end = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    Console.WriteLine(mode == "stubborn" ? "SIGTERM ignored" : "SIGTERM received");
    if (mode != "stubborn")
    {
        end.TrySetResult(0);
    }
});

switch (mode)
{
    case "exit":
        Console.Error.WriteLine($"exiting with {code}");
        return code;
    case "deaf":
        return await end.Task;
    case "slow":
        await Task.Delay(after, time);
        break;
    case "crash":
        _ = After(() => end.TrySetResult(code));
        break;
    case "leak":
        _ = Task.Run(Mischief.Leak);
        break;
    case "flood":
        _ = Task.Run(Mischief.Flood);
        break;
    case "fork":
        Mischief.Fork((int)Number("MISBEHAVE_COUNT", 3));
        break;
    case "unready":
        _ = After(() => Answers.Ready = false);
        break;
    case "h2c":
        return await Http2.ServeAsync(port, end.Task);
}

_ = Task.Run(() => Http1.ServeAsync(port, mode == "garbage", end));
return await end.Task;

async Task After(Action act)
{
    await Task.Delay(after, time);
    act();
}

static double Number(string name, double otherwise) =>
    double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
