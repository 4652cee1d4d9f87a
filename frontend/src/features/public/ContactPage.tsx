import { useState } from "react";
import { useForm } from "react-hook-form";
import { api, call } from "~/api/client";
import { EMAIL, placeErrors } from "~/lib/forms";
import { Button } from "~/ui/Button";
import { TextArea, TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { useTitle } from "~/ui/Page";
import { ErrorState } from "~/ui/States";

type Form = { name: string; email: string; company: string; message: string };

export function Component() {
  useTitle("Contact");
  return (
    <div className="mx-auto grid w-full max-w-[1000px] gap-x-16 gap-y-8 px-4 py-16 sm:px-8 lg:grid-cols-[1fr_1.2fr]">
      <div>
        <h1 tabIndex={-1} className="font-serif text-4xl font-medium">
          Talk to us
        </h1>
        <p className="mt-4 max-w-[44ch] text-[17px] text-ink-2">
          Tell us what your bills look like and what you would like to know from them. A person reads it and
          answers by mail.
        </p>
      </div>
      <InquiryForm />
    </div>
  );
}

function InquiryForm() {
  const [sent, setSent] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, reset, formState } = useForm<Form>();
  const { errors, isSubmitting } = formState;

  const submit = async ({ company, ...form }: Form) => {
    setFailure(null);
    setSent(false);
    try {
      await call(api.POST("/v1/inquiries", { body: company ? { ...form, company } : form }));
      setSent(true);
      reset();
    } catch (error) {
      setFailure(placeErrors(error, ["name", "email", "company", "message"], setError));
    }
  };

  return (
    <form noValidate onSubmit={handleSubmit(submit)} className="card grid gap-4 p-6 shadow-card sm:p-8">
      {sent && (
        <Notice tone="good" role="status" title="Your message is with us">
          We answer to the address you gave.
        </Notice>
      )}
      {failure !== null && <ErrorState error={failure} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Your name"
          autoComplete="name"
          error={errors.name?.message}
          {...register("name", { required: "Enter your name." })}
        />
        <TextField
          label="Company (optional)"
          autoComplete="organization"
          error={errors.company?.message}
          {...register("company")}
        />
      </div>
      <TextField
        label="Email"
        type="email"
        autoComplete="email"
        error={errors.email?.message}
        {...register("email", {
          required: "Enter your email address, so that we can answer.",
          pattern: { value: EMAIL, message: "This does not look like an email address." },
        })}
      />
      <TextArea
        label="Message"
        error={errors.message?.message}
        {...register("message", { required: "Write a few words." })}
      />
      <Button type="submit" variant="primary" size="lg" busy={isSubmitting} className="justify-self-start">
        {isSubmitting ? "Sending…" : "Send message"}
      </Button>
    </form>
  );
}
