import type { Metadata } from 'next';
import { text } from '@/text';
import { Credentials } from '../credentials';

export const metadata: Metadata = { title: text.auth.signUpTitle };

export default function RegisterPage() {
  return <Credentials purpose="register" />;
}
