import type { Metadata } from 'next';
import { text } from '@/text';
import { Credentials } from '../credentials';

export const metadata: Metadata = { title: text.auth.signInTitle };

export default function LoginPage() {
  return <Credentials purpose="login" />;
}
