/** An HTTP answer, or why there is none: the code of the system's error. */
export async function ask(url: string): Promise<{ response?: Response; error?: string }> {
  try {
    return { response: await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) }) };
  } catch (error) {
    const { cause, name } = error as { cause?: { code?: string }; name: string };
    return { error: cause?.code ?? name };
  }
}
